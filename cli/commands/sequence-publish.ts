import { Command, Option } from 'commander';
import colors from 'picocolors';
import { differenceOf, type SequenceDifference } from '../../domain/sequence/diff.ts';
import type { LeadId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { surroundings } from '../../intake/set-up.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';
import { lintSequences } from '../../mail/lint-sequences.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { carryOverAll, planCarryOver, type CarryOverPlan } from '../../store/carry-over.ts';
import type { Database } from '../../store/database.ts';
import { moveBlocked } from '../../store/move-blocked.ts';
import { proposalState } from '../../store/proposal.ts';
import { publishVersion } from '../../store/publication.ts';
import {
  currentVersion,
  versionHolding,
  type StoredVersion,
} from '../../store/sequence-version.ts';
import { openWork } from '../../store/slot.ts';
import { splitResults } from '../../store/split-results.ts';
import { underWay, type UnderWay } from '../../store/under-way.ts';
import { agreementFolder, templatesFolder, withOpen, type Opened } from '../open.ts';
import { leads, sayCarryOver, sayInShort, sayUnderWay } from '../sequence-text.ts';
import { publisherOf, SequenceError } from '../sequences.ts';
import { Terminal } from '../terminal.ts';
import { applyWinner, chosenOf, sayWinner } from '../winning.ts';
import { jsonOption, wholeNumber, workspaceOption } from './options.ts';
import { format, LintError } from './sequence-lint.ts';

interface Options {
  migrate?: boolean;
  moveBlocked?: boolean;
  dryRun?: boolean;
  check?: boolean;
  winner?: string | true;
  expect?: number;
  by?: string;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('publish')
    .description('put a sequence live: new enrollments get it, those under way keep theirs')
    .argument('<names...>', 'the sequences')
    .option('--migrate', 'also move those under way who have not reached a changed step')
    .option('--move-blocked', 'also move those whose mail cannot be made, at that mail')
    .option('--dry-run', 'say what would be published and who would be moved, and change nothing')
    .option('--winner [split]', 'before that make the variant that has won the only one')
    .option('--check', 'only say whether it can be published, for a CI job; needs nothing running')
    .addOption(
      new Option(
        '--expect <version>',
        'the version that is to be live now, 0 for none; without it, the one at the start',
      ).argParser(wholeNumber('a version', 0, 1_000_000)),
    )
    .option('--by <key>', 'who publishes, by their key; without it, the owner')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence publish c-nurture --migrate --dry-run\n  $ npx lockstep sequence publish c-nurture --migrate\n  $ npx lockstep sequence publish c-nurture d-long-cycle --check --json\n\nWhat has errors is not published; `npx lockstep sequence lint` says more. Where somebody else\npublished meanwhile nothing is published, and it says who and when.',
    )
    .action(async (names: string[], options: Options) => {
      const terminal = new Terminal(options.json === true);
      if (options.expect !== undefined && names.length > 1)
        throw new SequenceError('--expect is of one sequence: publish them one after the other.');
      if (options.winner !== undefined) await makeWinnerOf(terminal, names, options);
      if (options.check === true) return check(terminal, names);
      const known = await surroundings({ agreement: agreementFolder, templates: templatesFolder });
      const drafts = await Promise.all(
        names.map(name => readSequence(templatesFolder, name, known)),
      );
      const findings = drafts.flatMap(draft => draft.findings);
      for (const finding of findings) terminal.say(format(finding));
      const errors = findings.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw new LintError(`Nothing was published: ${errors.length} errors.`);
      await withOpen(options.workspace, async opened => {
        const results = [];
        for (const draft of drafts) results.push(await publish(opened, terminal, draft, options));
        terminal.result(results);
        if (options.dryRun === true) terminal.say('This was a dry run: nothing has changed.');
      });
    });
}

/** Makes the variant that has won the only one in the sequence's folder. @throws SequenceError when none has */
async function makeWinnerOf(
  terminal: Terminal,
  [name = '', ...others]: readonly string[],
  { winner, dryRun, check: isCheck, workspace }: Options,
): Promise<void> {
  if (others.length > 0)
    throw new SequenceError('--winner is of one sequence: publish them one after the other.');
  if (dryRun === true || isCheck === true)
    throw new SequenceError(
      `--winner changes the folder: \`npx lockstep sequence winner ${name} --apply --dry-run\` shows how.`,
    );
  await withOpen(workspace, async ({ database }) => {
    const results = (await splitResults(database, name, {}, realClock.now())) ?? [];
    const chosen = chosenOf(name, winner === true ? undefined : winner, results);
    sayWinner(terminal, name, await applyWinner(name, chosen, {}), {});
  });
}

/** Says which sequences can be published. @throws LintError when one cannot */
async function check(terminal: Terminal, names: readonly string[]): Promise<void> {
  const known = await surroundings({ agreement: agreementFolder, templates: templatesFolder });
  const told = await Promise.all(
    names.map(async name => {
      const findings = await lintSequences(templatesFolder, [name], known);
      return {
        name,
        publishable: findings.every(({ severity }) => severity !== 'error'),
        findings,
      };
    }),
  );
  terminal.result(told);
  for (const { name, publishable, findings } of told) {
    for (const finding of findings) terminal.say(format(finding));
    if (publishable) terminal.say(`${colors.green('✔')} ${name} can be published.`);
  }
  const broken = told.filter(({ publishable }) => !publishable).map(({ name }) => name);
  if (broken.length > 0) throw new LintError(`${broken.join(', ')} cannot be published.`);
}

/** What would be done, as it is shown before. */
interface Intent {
  before: StoredVersion | null;
  difference: SequenceDifference;
  underWay: UnderWay[];
  /** Null where nobody is to be moved. */
  carryOver: CarryOverPlan | null;
}

async function publish(
  { database, engine }: Opened,
  terminal: Terminal,
  draft: SequenceDraft,
  options: Options,
) {
  const { name, owner, content } = draft;
  const intent = await intentOf(database, draft, options.migrate === true);
  say(terminal, name, intent);
  const told = {
    name,
    instead: intent.before?.version ?? null,
    changes: intent.difference.changes,
    underWay: intent.underWay,
    ...(intent.carryOver === null ? {} : { carryOver: intent.carryOver }),
  };
  if (options.dryRun === true) return { ...told, published: false };
  const expected =
    options.expect === undefined ? (intent.before?.version ?? null) : options.expect || null;
  const by = await publisherOf(database, options.by, owner);
  const at = realClock.now();
  const { id, version, changed, proposal } = await publishVersion(database, name, content, at, {
    by,
    expected,
  });
  if (proposal !== null) {
    await engine.signingSequence(proposal, { shift: 0, again: true });
    const asked = (await proposalState(database, proposal))?.signers ?? [];
    terminal.say(
      `${colors.green('✔')} ${name}: version ${version} goes live when sales has signed it; ${asked.map(signer => signer.name).join(' and ')} can, and ${asked.length === 1 ? 'is' : 'are'} asked by mail.`,
    );
    return { ...told, published: false, version, proposed: true };
  }
  const nudge = async (moved: LeadId[]) => {
    for (const work of await openWork(database, moved)) await engine.nudge(work, { shift: 0 });
  };
  const freed = options.moveBlocked ? await moveBlocked(database, name, id, content.plan, at) : [];
  await nudge(freed);
  const migrated = options.migrate ? await carryOverAll(database, name, id, content, at, nudge) : 0;
  const parts = [
    changed ? `version ${version} is live` : `version ${version} is live already`,
    ...(freed.length > 0 ? [`${leads(freed.length)} that were blocked go on in it`] : []),
    ...(options.migrate ? [`${leads(migrated)} under way were moved to it`] : []),
  ];
  terminal.say(`${colors.green('✔')} ${name}: ${parts.join(', ')}.`);
  return { ...told, published: true, version, changed, moved: freed.length, migrated };
}

async function intentOf(
  database: Database,
  { name, content }: SequenceDraft,
  isMigrating: boolean,
): Promise<Intent> {
  const before = await currentVersion(database, name);
  const difference =
    before === null ? { changes: [], bodies: [] } : differenceOf(before.content, content);
  // Whoever is in what the folder holds already is not moved to it.
  const target = (await versionHolding(database, name, content))?.id ?? null;
  return {
    before,
    difference,
    underWay: await underWay(database, name),
    carryOver: isMigrating ? await planCarryOver(database, name, target, content) : null,
  };
}

function say(terminal: Terminal, name: string, { before, difference, ...rest }: Intent): void {
  if (before === null) terminal.say(`${name} was never published.`);
  else if (difference.changes.length === 0)
    terminal.say(`${name} does what version ${before.version} does.`);
  else terminal.say(`${name} against version ${before.version}:`);
  sayInShort(terminal, name, difference);
  if (before !== null) sayUnderWay(terminal, rest.underWay);
  if (rest.carryOver !== null) sayCarryOver(terminal, rest.carryOver);
}
