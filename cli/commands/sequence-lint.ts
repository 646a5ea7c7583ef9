import { relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import colors from 'picocolors';
import project from '../../package.json' with { type: 'json' };
import { explainRule } from '../../domain/sequence/lint/explain.ts';
import { formRules } from '../../domain/sequence/lint/form.ts';
import { rules, type RuledFinding } from '../../domain/sequence/lint/rules.ts';
import { sarifOf } from '../../domain/sequence/lint/sarif.ts';
import { surroundings } from '../../intake/set-up.ts';
import { fixSequences, type Mended } from '../../mail/fix-sequences.ts';
import { lintSequences, tell } from '../../mail/lint-sequences.ts';
import { deadLinks, pagesOf } from '../../mail/live-links.ts';
import { listSequences, readSequence } from '../../mail/sequence-folder.ts';
import { agreementFolder, templatesFolder } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption } from './options.ts';

/** Sequences that may not be published as they are, or a question that has no answer. */
export class LintError extends Error {
  override readonly name = 'LintError';
}

interface Options {
  fix?: boolean;
  dryRun?: boolean;
  links?: boolean;
  json?: boolean;
  sarif?: boolean;
  explain?: string;
}

export function command(): Command {
  return new Command('lint')
    .description('check sequences and their mails')
    .argument('[names...]', 'the sequences; all of them when none is named')
    .option('--fix', 'mend what can be mended by itself')
    .addOption(dryRunOption())
    .option('--links', 'also ask whether the pages that mails link to are still there')
    .addOption(jsonOption())
    .addOption(new Option('--sarif', 'SARIF 2.1.0, for code reviews').conflicts('json'))
    .option('--explain <rule>', 'say what a rule is about')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence lint\n  $ npx lockstep sequence lint c-nurture --json\n  $ npx lockstep sequence lint --explain contrast\n  $ npx lockstep sequence lint --fix --dry-run',
    )
    .action(async (names: string[], options: Options) => {
      if (options.explain === undefined) await lintThem(names, options);
      else explain(options.explain, options.json === true);
    });
}

async function lintThem(names: readonly string[], options: Options): Promise<void> {
  const terminal = new Terminal(options.json === true || options.sarif === true);
  const chosen = names.length > 0 ? names : await listSequences(templatesFolder);
  const { mended, findings } = await lookAt(chosen, options);
  const dead = options.links ? await askForPages(chosen, terminal) : [];
  const all = [...findings, ...(await tell(dead))];
  const told = [...rules, ...formRules];
  terminal.result(options.sarif ? sarifOf(all, told, uriOf, project.version) : all);
  for (const each of mended) sayMended(terminal, each);
  for (const finding of all) {
    terminal.say(format(finding));
    if (finding.text !== '' && finding.line > 1) terminal.say(`  ${colors.dim(finding.text)}`);
  }
  const summary = summaryOf(all, chosen);
  if (options.dryRun && mended.length > 0)
    terminal.say(`${mended.length} can be mended by itself. This was a dry run.`);
  if (all.some(({ severity }) => severity === 'error')) throw new LintError(summary);
  terminal.say(`${colors.green('✔')} ${summary}`);
}

async function lookAt(names: readonly string[], { fix, dryRun }: Options) {
  const known = await surroundings({ agreement: agreementFolder, templates: templatesFolder });
  return fix || dryRun
    ? fixSequences(templatesFolder, names, known, dryRun === true)
    : { mended: [], findings: await lintSequences(templatesFolder, names, known) };
}

async function askForPages(names: readonly string[], terminal: Terminal): Promise<RuledFinding[]> {
  const drafts = await Promise.all(
    names.map(name => readSequence(templatesFolder, name).catch(() => null)),
  );
  const pages = pagesOf(drafts.flatMap(draft => (draft === null ? [] : [draft.linted])));
  const bar = terminal.bar('links', pages.length);
  try {
    return await deadLinks(pages, count => bar.to(count));
  } finally {
    bar.stop();
  }
}

function explain(rule: string, json: boolean): void {
  const told = explainRule(rule);
  if ('problem' in told) throw new LintError(told.problem);
  const terminal = new Terminal(json);
  terminal.result([...rules, ...formRules].find(({ id }) => id === rule));
  for (const line of told.lines) terminal.say(line);
}

function sayMended(terminal: Terminal, { file, line, rule, before, after }: Mended): void {
  terminal.say(`${file}:${line}: ${colors.dim(`[${rule}]`)}`);
  terminal.say(`  ${colors.red(`- ${before}`)}`);
  terminal.say(`  ${colors.green(`+ ${after}`)}`);
}

/** A finding in a line. */
export function format({ file, line, column, message, rule, severity }: RuledFinding): string {
  const color = { error: colors.red, warning: colors.yellow, hint: colors.cyan }[severity];
  return `${file}:${line}:${column}: ${color(severity)} ${message} ${colors.dim(`[${rule}]`)}`;
}

/** `1 error, 2 warnings in c-nurture.` */
function summaryOf(findings: readonly RuledFinding[], names: readonly string[]): string {
  const where = names.length > 8 ? `${names.length} sequences` : names.join(', ');
  const counts = (['error', 'warning', 'hint'] as const).flatMap(severity => {
    const { length } = findings.filter(finding => finding.severity === severity);
    return length === 0 ? [] : [`${length} ${severity}${length === 1 ? '' : 's'}`];
  });
  return counts.length === 0 ? `${where}: nothing wrong.` : `${counts.join(', ')} in ${where}.`;
}

/** As code reviews know files: from the root of the repository, with "/" in between. */
function uriOf(file: string): string {
  const path = relative(resolve(templatesFolder, '..'), resolve(file));
  return path.split(sep).map(encodeURIComponent).join('/');
}
