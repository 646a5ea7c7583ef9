import { Command, InvalidArgumentError } from 'commander';
import { minute } from '../../../domain/instant.ts';
import { runChaos } from './chaos.ts';

function aNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 4_294_967_295)) throw new InvalidArgumentError('a number above 0.');
  return number;
}

const { minutes, seed, json } = new Command('chaos')
  .description(
    'Lets an installation live while its provider fails, its processes are killed and its workflows are terminated and reset; then counts.',
  )
  .option('--minutes <n>', 'for how long', aNumber, 20)
  .option('--seed <n>', 'of what is done to it, and when', aNumber, 1)
  .option('--json', 'say what came of it as JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  $ npm run chaos -- --minutes 20\n  $ npm run chaos -- --minutes 1 --seed 7',
  )
  .parse()
  .opts<{ minutes: number; seed: number; json?: boolean }>();

const outcome = await runChaos(seed, minutes * minute, line =>
  process.stderr.write(`${new Date().toISOString()} ${line}\n`),
);
const { wrong, kills, terminated, reset, mails, leads, events, escalations, unknown } = outcome;
process.stdout.write(
  json === true
    ? `${JSON.stringify({ seed, ...outcome })}\n`
    : [
        ...wrong,
        `Seed ${seed}: ${kills} kills, ${terminated} workflows terminated, ${reset} reset: ${mails} mails to ${leads} leads, ` +
          `${events} events, ${escalations} escalations; ${unknown} sends unknown, ${wrong.length} things wrong.\n`,
      ].join('\n'),
);
process.exitCode = wrong.length > 0 ? 1 : 0;
