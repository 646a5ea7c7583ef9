import { Command, CommanderError } from 'commander';
import colors from 'picocolors';
import project from '../package.json' with { type: 'json' };

/** Every command, by the words that call it. Loaded when it is called: each knows more than it takes to list it. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).command(),
  studio: async () => (await import('./commands/studio.ts')).command(),
  rehearse: async () => (await import('./commands/rehearse.ts')).command(),
  loop: async () => (await import('./commands/loop.ts')).command(),
  doctor: async () => (await import('./commands/doctor.ts')).command(),
  'leads import': async () => (await import('./commands/leads-import.ts')).command(),
  'leads show': async () => (await import('./commands/leads-show.ts')).command(),
  'leads merge': async () => (await import('./commands/leads-merge.ts')).command(),
  'leads unmerge': async () => (await import('./commands/leads-unmerge.ts')).command(),
  'accounts import': async () => (await import('./commands/accounts-import.ts')).command(),
  'accounts show': async () => (await import('./commands/accounts-show.ts')).command(),
  'segments show': async () => (await import('./commands/segments-show.ts')).command(),
  'events import': async () => (await import('./commands/events-import.ts')).command(),
  'outcomes import': async () => (await import('./commands/outcomes-import.ts')).command(),
  'people import': async () => (await import('./commands/people-import.ts')).command(),
  'people list': async () => (await import('./commands/people-list.ts')).command(),
  'people away': async () => (await import('./commands/people-away.ts')).command(),
  'people back': async () => (await import('./commands/people-back.ts')).command(),
  'sequence new': async () => (await import('./commands/sequence-new.ts')).command(),
  'sequence lint': async () => (await import('./commands/sequence-lint.ts')).command(),
  'sequence list': async () => (await import('./commands/sequence-list.ts')).command(),
  'sequence diff': async () => (await import('./commands/sequence-diff.ts')).command(),
  'sequence history': async () => (await import('./commands/sequence-history.ts')).command(),
  'sequence rollback': async () => (await import('./commands/sequence-rollback.ts')).command(),
  'sequence simulate': async () => (await import('./commands/sequence-simulate.ts')).command(),
  'sequence preview': async () => (await import('./commands/sequence-preview.ts')).command(),
  'sequence send-test': async () => (await import('./commands/sequence-send-test.ts')).command(),
  'sequence comments': async () => (await import('./commands/sequence-comments.ts')).command(),
  'sequence publish': async () => (await import('./commands/sequence-publish.ts')).command(),
  'sequence results': async () => (await import('./commands/sequence-results.ts')).command(),
  'sequence winner': async () => (await import('./commands/sequence-winner.ts')).command(),
  'agreement lint': async () => (await import('./commands/agreement-lint.ts')).command(),
  'agreement diff': async () => (await import('./commands/agreement-diff.ts')).command(),
  'agreement forecast': async () => (await import('./commands/agreement-forecast.ts')).command(),
  'agreement calibrate': async () => (await import('./commands/agreement-calibrate.ts')).command(),
  'agreement propose': async () => (await import('./commands/agreement-propose.ts')).command(),
  'agreement sign': async () => (await import('./commands/agreement-sign.ts')).command(),
  'agreement activate': async () => (await import('./commands/agreement-activate.ts')).command(),
  'agreement history': async () => (await import('./commands/agreement-history.ts')).command(),
  'agreement show': async () => (await import('./commands/agreement-show.ts')).command(),
  'ops status': async () => (await import('./commands/ops-status.ts')).command(),
  'ops pause': async () => (await import('./commands/ops-verb.ts')).command('pause'),
  'ops resume': async () => (await import('./commands/ops-verb.ts')).command('resume'),
  'ops stop': async () => (await import('./commands/ops-verb.ts')).command('stop'),
  'ops reassign': async () => (await import('./commands/ops-escalation.ts')).command('reassign'),
  'ops extend': async () => (await import('./commands/ops-escalation.ts')).command('extend'),
  'ops close': async () => (await import('./commands/ops-escalation.ts')).command('close'),
  'ops hooks': async () => (await import('./commands/ops-hooks.ts')).command(),
  'ops tasks': async () => (await import('./commands/ops-tasks.ts')).command(),
};

const groups: Readonly<Record<string, string>> = {
  leads: 'bring leads in, look at one, merge two that are one person',
  accounts: 'say what companies are to you and who owns them, and look at one',
  segments: 'see who is in which, and try others',
  events: 'bring in what leads did before',
  outcomes: 'bring in what became of leads',
  people: 'who is in both teams, and who is away',
  sequence:
    'write sequences, check them, see what they would do, put them live, and see what they brought',
  agreement: 'what both teams sign: check it, propose it, see what it would mean',
  ops: 'see where everything stands, pause and stop nurture, step in where leads are with sales',
};

const hint = '(add --help for what there is)';

/**
 * Runs one command.
 * @param words what is written behind `lockstep`
 * @returns 0 it was done, 1 it could not be done, 2 it was not understood
 */
export async function runCommand(words: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await (await programFor(words)).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${colors.red('✘')} ${message}\n`);
    if (isUnexpected(error)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    return 1;
  }
}

/** The program with the one command that is called; with all of them when help or a mistake lists them. */
async function programFor(words: readonly string[]): Promise<Command> {
  const program = new Command('lockstep')
    .description('Nurture campaigns by one agreement of marketing and sales.')
    .version(project.version)
    // Behind a command `--version` is the command's own.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError(hint)
    .exitOverride();
  const called = [words.slice(0, 2).join(' '), words[0] ?? ''].find(name => name in commands);
  for (const [name, load] of Object.entries(commands)) {
    if (called !== undefined && name !== called) continue;
    const [group] = name.split(' ');
    const parent = name.includes(' ') ? groupOf(program, group ?? '') : program;
    parent.addCommand((await load()).exitOverride().showHelpAfterError(hint));
  }
  return program;
}

function groupOf(program: Command, name: string): Command {
  return (
    program.commands.find(command => command.name() === name) ??
    program
      .command(name)
      .description(groups[name] ?? '')
      .exitOverride()
  );
}

/** Errors of our own say what to do; of others the stack helps whoever reports them. */
function isUnexpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['Error', 'TypeError', 'RangeError', 'ReferenceError'].includes(error.name)
  );
}
