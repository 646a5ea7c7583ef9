import { Command, CommanderError } from 'commander';
import colors from 'picocolors';
import { doctor } from './commands/doctor.ts';
import { leadsImport } from './commands/leads-import.ts';
import { leadsShow } from './commands/leads-show.ts';
import { opsStatus } from './commands/ops-status.ts';
import { opsVerb } from './commands/ops-verb.ts';
import { sequenceLint } from './commands/sequence-lint.ts';
import { sequencePublish } from './commands/sequence-publish.ts';
import { up } from './commands/up.ts';

/** Exit codes: 0 done, 1 it could not be done, 2 the command was not understood. */
const program = new Command('lockstep')
  .description('Nurture campaigns by one agreement of marketing and sales.')
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for what there is)')
  .enablePositionalOptions()
  .exitOverride();

program.addCommand(up());
program.addCommand(doctor());
program
  .command('leads')
  .description('bring leads in, and look at one')
  .addCommand(leadsImport())
  .addCommand(leadsShow());
program
  .command('sequence')
  .description('check sequences, and put them live')
  .addCommand(sequenceLint())
  .addCommand(sequencePublish());
program
  .command('ops')
  .description('see where everything stands, pause, resume, stop')
  .addCommand(opsStatus())
  .addCommand(opsVerb('pause'))
  .addCommand(opsVerb('resume'))
  .addCommand(opsVerb('stop'));
for (const command of [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
])
  command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${colors.red('✘')} ${message}\n`);
    if (isUnexpected(error)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    process.exitCode = 1;
  }
}

/** Errors of our own say what to do; of others the stack helps whoever reports them. */
function isUnexpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['Error', 'TypeError', 'RangeError', 'ReferenceError'].includes(error.name)
  );
}
