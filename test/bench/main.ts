import { mkdir, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { Terminal } from '../../cli/terminal.ts';
import { describeMachine, startMachine } from './machine.ts';
import { report, type Figure } from './report.ts';
import { UnfitError } from './run.ts';
import { scenarios } from './scenarios.ts';

/** `npm run bench`: measures scenarios against their bare equivalents and keeps what came of it. */
const program = new Command('bench')
  .description('measure Lockstep against the bare engine, database and render, in the same run')
  .argument(
    '[scenarios...]',
    `which of ${Object.keys(scenarios).join(', ')}; all when none is named`,
  )
  .option('--pairs <count>', 'runs of each, and of its bare equivalent, in turn', readCount, 7)
  .option('--keep', 'write the figures to docs/benchmarks/')
  .option('--json', 'one JSON value instead of tables')
  .addHelpText(
    'after',
    `
Examples:
  $ npm run bench -- steps starts --pairs 7
  $ npm run bench -- --keep`,
  )
  .action(async (names: string[], options: { pairs: number; keep?: boolean; json?: boolean }) => {
    const terminal = new Terminal(options.json === true);
    const chosen = names.length > 0 ? names : Object.keys(scenarios);
    const figures: Figure[] = [];
    for (const name of chosen) {
      const scenario = scenarios[name];
      if (scenario === undefined)
        throw new InvalidArgumentError(
          `There is no scenario "${name}"; there are ${Object.keys(scenarios).join(', ')}.`,
        );
      const machine = await startMachine();
      const cutOff = () => void machine.stop().finally(() => process.exit(130));
      process.once('SIGINT', cutOff);
      process.once('SIGTERM', cutOff);
      try {
        figures.push(
          ...(await scenario(machine, {
            pairs: options.pairs,
            say: line => process.stderr.write(`${name}: ${line}\n`),
          })),
        );
      } finally {
        process.off('SIGINT', cutOff);
        process.off('SIGTERM', cutOff);
        await machine.stop();
      }
    }
    const measured = { machine: describeMachine(), figures };
    terminal.result(measured);
    terminal.say(report(measured));
    if (options.keep !== true) return;
    const folder = 'docs/benchmarks';
    await mkdir(folder, { recursive: true });
    for (const name of chosen) {
      const of = figures.filter(({ scenario }) => scenario === name);
      const kept = { machine: measured.machine, figures: of };
      await writeFile(`${folder}/${name}.json`, `${JSON.stringify(kept, null, 2)}\n`);
      await writeFile(`${folder}/${name}.md`, `# ${name}\n\n${report(kept)}\n`);
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UnfitError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('a whole number of runs, at least 1');
}
