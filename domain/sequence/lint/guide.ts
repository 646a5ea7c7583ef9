import { formRules } from './form.ts';
import type { Rule } from './finding.ts';
import { flowRules, mailRules, rules } from './rules.ts';

const opening = `# What lint looks for

    npx lockstep sequence lint                         all sequences
    npx lockstep sequence lint my-sequence             one of them
    npx lockstep sequence lint --explain contrast      what a rule is about
    npx lockstep sequence lint --fix --dry-run         what could be mended by itself
    npx lockstep sequence lint --fix                   mend it
    npx lockstep sequence lint --links                 also ask whether links still lead somewhere
    npx lockstep sequence lint --json                  for programs
    npx lockstep sequence lint --sarif > lint.sarif    for code reviews (SARIF 2.1.0)

An **error** keeps a sequence from being published, and makes the command end with 1. A **warning** is worth a second
look. A **hint** may help. Neither of the latter makes anything fail.

\`--fix\` changes only what is mechanical and safe, at its place alone: comments and layout stay as they are.

\`--links\` asks for each page that a mail links to, a few at once. It is the only thing here that needs the network;
links with a field of the lead in them are not asked for.`;

/** `docs/linting.md`: every rule with its reason, made from the rules themselves. */
export function lintingGuide(): string {
  const fixable = rules.filter(({ fix }) => fix !== undefined);
  return [
    opening,
    `There are ${rules.length} rules. This page is made from them: \`npm run schemas\` writes it anew.`,
    '## What can be mended by itself',
    fixable.map(({ id, fix }) => `- [\`${id}\`](#${id}) ${shown(fix ?? '')}`).join('\n'),
    '## What a sequence does with a lead',
    ...flowRules.map(sectionOf),
    '## What a mail is like',
    ...mailRules.map(sectionOf),
    '## What is told by other means',
    ...formRules.map(({ id, severity, why, mend }) => `### ${id}\n\n${severity} · ${why} ${mend}`),
    '',
  ].join('\n\n');
}

function sectionOf({ id, severity, why, mend, example }: Rule): string {
  return [
    `### ${id}`,
    `${severity} · ${shown(why)}`,
    shown(mend),
    `| wrong | right |\n| --- | --- |\n| ${cell(example.wrong)} | ${cell(example.right)} |`,
  ].join('\n\n');
}

/** A text in which tags and Liquid are code. */
function shown(text: string): string {
  return text.replace(/<[^<>]+>(?:<\/[\w-]+>)?|\{\{[^}]*\}\}|\{%[^%]*%\}/g, code => `\`${code}\``);
}

function cell(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
