import { diffArrays } from 'diff';
import { changeInWords, changesBetween, type Change } from '../agreement/diff.ts';
import type { Brand } from './brand.ts';
import { stepsOf, type FlowStep } from './flow.ts';
import {
  capInWords,
  conditionInWords,
  waitsInWords,
  windowInWords,
  taskInWords,
} from './in-words.ts';
import { pairsOf, type Pair } from './pairs.ts';
import { compiledName, type Rules } from './plan.ts';
import { linksOf, textChanges } from './text-changes.ts';

/** What of a version is compared. */
export interface Compared extends Rules {
  goal: string;
  mails: Readonly<Record<string, { html: string; text: string }>>;
  brand: Brand;
}

/** One thing that a version does differently than another. */
export interface SequenceChange extends Change {
  /** The same in a sentence. */
  words: string;
}

/** What a mail's text says differently. */
export interface BodyChange {
  mail: string;
  /** Passages of lines that begin with `-`, `+` or a space; null when too much is another. */
  passages: string[][] | null;
}

/** All that a version of a sequence does differently than another. */
export interface SequenceDifference {
  changes: SequenceChange[];
  bodies: BodyChange[];
}

/** What `after` does differently than `before`: the whole first, then step by step. */
export function differenceOf(before: Compared, after: Compared): SequenceDifference {
  const pairs = pairsOf(stepsOf(before.plan), stepsOf(after.plan));
  const bodies: BodyChange[] = [];
  const changes = [...changesOfWhole(before, after)];
  const moved = movedOf(pairs);
  for (const pair of pairs.both) {
    const { after: step } = pair;
    if (moved.has(pair))
      changes.push(told(step.name, 'place', placeOf(pair.before), placeOf(step)));
    changes.push(...changesOfStep(pair));
    if (step.instruction?.do !== 'mail') continue;
    const [was, is] = [mailOf(before, pair.before), mailOf(after, step)];
    if (was === undefined || is === undefined) continue;
    changes.push(...changesOfBody(step.name, was, is));
    if (was.text !== is.text)
      bodies.push({ mail: step.name, passages: textChanges(was.text, is.text) });
  }
  const come = pairs.added.map(step => told(step.name, 'step', null, placeOf(step)));
  const gone = pairs.removed.map(step => told(step.name, 'step', placeOf(step), null));
  return { changes: gathered([...changes, ...come, ...gone]), bodies };
}

/** In one line for a list: the first changes, and how many more there are. */
export function inShort(changes: readonly SequenceChange[], shown = 2): string {
  if (changes.length === 0) return 'nothing';
  const more = changes.length - shown;
  const first = changes.slice(0, shown).map(({ words }) => words);
  return `${first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function mailOf({ mails }: Compared, { instruction }: FlowStep) {
  return instruction?.do === 'mail' ? mails[compiledName(instruction)] : undefined;
}

function changesOfWhole(before: Compared, after: Compared): SequenceChange[] {
  const whole = ({ goal, brand, cap, leaveWhen = [] }: Compared) => ({
    goal,
    cap: cap ? capInWords(cap) : undefined,
    'leave when': leaveWhen.map(rule => `${conditionInWords(rule.if)}: ${rule.because}`),
    brand,
  });
  return changesBetween(whole(before), whole(after)).map(change => ({
    ...change,
    words: changeInWords(change),
  }));
}

function changesOfStep({ before, after }: Pair): SequenceChange[] {
  const { name } = after;
  const changes: SequenceChange[] = [];
  const compare = (part: Part, was: string, is: string) => {
    if (was !== is) changes.push(told(name, part, was, is));
  };
  compare('wait', waitsInWords(before.waits), waitsInWords(after.waits));
  const [was, is] = [before.instruction, after.instruction];
  // Mails, splits and tasks have names; what has none is called by what it does.
  if (is !== null && !['mail', 'split', 'task'].includes(is.do))
    compare('instead', before.name, name);
  if (was?.do === 'task' && is?.do === 'task') compare('asks', taskInWords(was), taskInWords(is));
  compare('share', before.share ?? 'all', after.share ?? 'all');
  if (was?.do === 'mail' && is?.do === 'mail') {
    compare('subject', was.subject, is.subject);
    compare('preheader', was.preheader, is.preheader);
    compare('window', windowInWords(was.window), windowInWords(is.window));
  }
  return changes;
}

function changesOfBody(
  mail: string,
  was: { html: string; text: string },
  is: { html: string; text: string },
): SequenceChange[] {
  if (was.html === is.html && was.text === is.text) return [];
  const [old, fresh] = [linksOf(was.html), linksOf(is.html)];
  const gone = old.filter(link => !fresh.includes(link));
  const come = fresh.filter(link => !old.includes(link));
  const links = [
    ...gone.map(link => told(mail, 'link', link, null)),
    ...come.map(link => told(mail, 'link', null, link)),
  ];
  if (was.text !== is.text) return [told(mail, 'text', 'as before', 'another'), ...links];
  return links.length > 0 ? links : [told(mail, 'look', 'as before', 'another')];
}

/** Pairs whose steps do not come in the order of the others any more, or stand in another branch. */
function movedOf({ both, removed, added }: ReturnType<typeof pairsOf>): Set<Pair> {
  const keyOf = new Map(both.map(({ before, after }) => [before.key, after.key]));
  const isElsewhere = ({ before, after }: Pair) =>
    before.within?.by !== after.within?.by ||
    (before.within !== null && keyOf.get(before.within.key) !== after.within?.key);
  const was = both.toSorted((a, b) => a.before.at - b.before.at);
  const is = both.toSorted((a, b) => a.after.at - b.after.at);
  const gone = new Set(diffArrays(was, is).flatMap(part => (part.removed ? part.value : [])));
  const moved = both.filter(
    pair => pair.after.instruction !== null && (gone.has(pair) || isElsewhere(pair)),
  );
  // What stands in a branch that moved, came or went is where it was in it.
  const shaken = new Set(
    [...removed, ...added, ...moved.map(({ after }) => after)].map(s => s.key),
  );
  return new Set(
    moved.filter(
      pair => isElsewhere(pair) || pair.after.within === null || !shaken.has(pair.after.within.key),
    ),
  );
}

function placeOf({ within, follows, waits }: FlowStep): string {
  const where = within === null ? '' : ` in the "${within.by}" of ${within.key}`;
  const after = follows === null ? `at the beginning${where}` : `after ${follows}${where}`;
  return waits.length === 0 ? after : `${after}, with a wait of ${waitsInWords(waits)}`;
}

/** What of a step is another. */
type Part =
  | 'step'
  | 'place'
  | 'wait'
  | 'instead'
  | 'share'
  | 'asks'
  | 'subject'
  | 'preheader'
  | 'window'
  | 'text'
  | 'link'
  | 'look';

function told(
  names: string | readonly string[],
  part: Part,
  before: string | null,
  after: string | null,
): SequenceChange {
  const all = typeof names === 'string' ? [names] : names;
  const words = wordsOf(all, part, before ?? '', after ?? '', before === null);
  return { path: [all.join(', '), part], before, after, words };
}

function wordsOf(
  names: readonly string[],
  part: Part,
  before: string,
  after: string,
  isNew: boolean,
): string {
  const name =
    names.length < 2
      ? (names[0] ?? '')
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  const [goes, looks, says] = names.length < 2 ? ['goes', 'looks', 'says'] : ['go', 'look', 'say'];
  switch (part) {
    case 'step':
      return isNew ? `${name} is new, ${after}` : `${name} is gone; it was ${before}`;
    case 'place':
      return `${name} now comes ${after}; it was ${before}`;
    case 'wait':
      return `waits ${after} instead of ${before} before ${name}`;
    case 'instead':
      return `${name} takes the place of ${before}`;
    case 'text':
      return `${name} says something else`;
    case 'look':
      return `${name} ${looks} different, and ${says} the same`;
    case 'link':
      return isNew ? `${name} links to ${after}` : `${name} no longer links to ${before}`;
    case 'window':
      return `${name} ${goes} out ${after} instead of ${before}`;
    case 'share':
      return `${name}: its share is ${after} instead of ${before}`;
    case 'asks':
      return `${name} asks for ${after} instead of ${before}`;
    case 'subject':
    case 'preheader':
      return `${name}: its ${part} is "${after}" instead of "${before}"`;
    default:
      return part satisfies never;
  }
}

/** What several mails often have alike. */
const shared = ['window', 'look', 'wait'] as const;

/** What is said of several mails alike is said once: windows and footers are often those of all. */
function gathered(changes: readonly SequenceChange[]): SequenceChange[] {
  const groups = new Map<string, SequenceChange[]>();
  for (const change of changes) {
    const [, part] = change.path;
    const { before, after } = change;
    const isShared = shared.some(each => each === part);
    const key = JSON.stringify(isShared ? [part, before, after] : change);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    const part = first.path[1] === 'window' ? 'window' : 'look';
    return [
      told(
        group.map(({ path: [name = ''] }) => name),
        part,
        first.before,
        first.after,
      ),
    ];
  });
}
