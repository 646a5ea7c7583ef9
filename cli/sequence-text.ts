import colors from 'picocolors';
import type { SequenceDifference } from '../domain/sequence/diff.ts';
import type { CarryOverPlan } from '../store/carry-over.ts';
import type { UnderWay } from '../store/under-way.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Says what a version does differently, all of it: in words, then the texts line by line. */
export function sayDifference(terminal: Terminal, { changes, bodies }: SequenceDifference): void {
  for (const { words } of changes) sayItem(terminal, words);
  for (const { mail, passages } of bodies) {
    terminal.say(`\n  ${mail}`);
    if (passages === null) terminal.say('    another text as a whole');
    for (const [index, lines] of (passages ?? []).entries()) {
      if (index > 0) terminal.say(colors.dim('    …'));
      for (const line of lines) terminal.say(`    ${colored(line)}`);
    }
  }
}

/** Changes that are said before something is published. */
const mostChanges = 8;

/** Says what is published in short. */
export function sayInShort(
  terminal: Terminal,
  name: string,
  { changes }: SequenceDifference,
): void {
  for (const { words } of changes.slice(0, mostChanges)) sayItem(terminal, words);
  if (changes.length > mostChanges)
    sayItem(
      terminal,
      `and ${changes.length - mostChanges} more: npx lockstep sequence diff ${name}`,
    );
}

/** Says who is under way on which version, and where. */
export function sayUnderWay(terminal: Terminal, versions: readonly UnderWay[]): void {
  const busy = versions.filter(({ open }) => open > 0);
  if (busy.length === 0) terminal.say('Nobody is under way.');
  for (const { version, open, steps } of busy) {
    const where = steps.map(each => `${each.open} at ${each.step}`).join(', ');
    terminal.say(wrap(`Under way on version ${version}: ${leads(open)}; ${where}.`));
  }
}

/** Says who is moved to a version, and who stays where they are, and why. */
export function sayCarryOver(terminal: Terminal, { moves, stays }: CarryOverPlan): void {
  terminal.say(`${leads(moves)} can go on in it at the step that they stand at.`);
  for (const { version, why, open } of stays)
    sayItem(terminal, `${leads(open)} of version ${version} cannot: ${why}`);
}

export function leads(count: number): string {
  return `${count} ${count === 1 ? 'lead' : 'leads'}`;
}

function sayItem(terminal: Terminal, text: string): void {
  terminal.say(wrap(text, 76).replace(/^/, '  - ').replaceAll('\n', '\n    '));
}

function colored(line: string): string {
  if (line.startsWith('+')) return colors.green(line);
  return line.startsWith('-') ? colors.red(line) : line;
}
