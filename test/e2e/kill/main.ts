import { Command, InvalidArgumentError } from 'commander';
import { killsOf, seeds } from './plan.ts';
import { runKills, type Outcome } from './run.ts';

function aSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 1 || seed > seeds)
    throw new InvalidArgumentError(`seeds are 1 to ${seeds}.`);
  return seed;
}

const { seed: only, json } = new Command('kill')
  .description(
    'Kills the processes of fresh installations at every edge and counts what was lost or done twice.',
  )
  .option('--seed <n>', `only this one of ${seeds} installations`, aSeed)
  .option('--json', 'say what came of each as a line of JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  $ npm run kill\n  $ npm run kill -- --seed 3   # again what went wrong there',
  )
  .parse()
  .opts<{ seed?: number; json?: boolean }>();

const outcomes: Outcome[] = [];
for (const seed of only === undefined ? Array.from({ length: seeds }, (_, n) => n + 1) : [only]) {
  let n = 0;
  const outcome = await runKills(killsOf(seed), seed, line =>
    process.stderr.write(`seed ${seed}, ${(n += 1)}: ${line}\n`),
  );
  outcomes.push(outcome);
  if (json === true) process.stdout.write(`${JSON.stringify({ seed, ...outcome })}\n`);
  else for (const wrong of outcome.wrong) process.stdout.write(`seed ${seed}: ${wrong}\n`);
}
const sum = (of: (outcome: Outcome) => number) =>
  outcomes.reduce((total, each) => total + of(each), 0);
const wrong = sum(outcome => outcome.wrong.length);
const tooMany = outcomes.some(({ unknown, inFlight }) => unknown > inFlight);
if (json !== true)
  process.stdout.write(
    `${sum(o => o.kills)} kills with ${sum(o => o.inFlight)} calls in flight: ${sum(o => o.mails)} mails to ` +
      `${sum(o => o.leads)} leads, ${sum(o => o.events)} events, ${sum(o => o.escalations)} escalations; ` +
      `${sum(o => o.unknown)} sends unknown, ${wrong} things wrong.\n`,
  );
process.exitCode = wrong > 0 || tooMany ? 1 : 0;
