import { coversField } from '../../lead/cover.ts';
import { numbersOf, type FieldsCondition } from '../../lead/match.ts';
import type { CriterionField } from '../../lead/fields.ts';
import { day } from '../../instant.ts';
import type { Instruction, Plan, TaskInstruction } from '../plan.ts';
import type { Condition } from '../condition.ts';
import type { Wait } from '../schema.ts';

/** How long ago something was, in milliseconds, on the quickest and on the slowest way. */
export interface Span {
  least: number;
  most: number;
}

/** What is sure of a lead that comes to an instruction, and what may be. */
export interface Arrival {
  /** Since it began. */
  began: Span;
  /** Mails that were sent on some way there, and how long ago; `sure` when on every way. */
  mails: ReadonlyMap<string, Span & { sure: boolean }>;
  /** Since the last mail of all, on the ways on which there was one. */
  lastMail: Span | null;
  /** Mails on the longest way. */
  most: number;
  /** Answers that branches before it gave. */
  known: readonly { condition: Condition; answer: boolean }[];
}

const known = new WeakMap<Plan, (Arrival | null)[]>();

/** For each instruction of a plan how leads come to it; null where none ever does. */
export function arrivals(plan: Plan): readonly (Arrival | null)[] {
  let arriving = known.get(plan);
  if (arriving === undefined) known.set(plan, (arriving = follow(plan)));
  return arriving;
}

function follow(plan: Plan): (Arrival | null)[] {
  const found: (Arrival | null)[] = Array.from({ length: plan.length + 1 }, () => null);
  const nothing = { least: 0, most: 0 };
  found[0] = { began: nothing, mails: new Map(), lastMail: null, most: 0, known: [] };
  for (const [index, instruction] of plan.entries()) {
    const arrival = found[index] ?? null;
    if (arrival === null) continue;
    for (const { to, as } of ways(instruction, index, arrival)) {
      const before = found[to] ?? null;
      found[to] = before === null ? as : joined(before, as);
    }
  }
  return found;
}

/** Where an instruction leads, and as whom. */
function ways(
  instruction: Instruction,
  index: number,
  arrival: Arrival,
): { to: number; as: Arrival }[] {
  const next = index + 1;
  switch (instruction.do) {
    case 'mail': {
      const mails = new Map(arrival.mails);
      mails.set(instruction.mail, { least: 0, most: 0, sure: true });
      const lastMail = { least: 0, most: 0 };
      return [{ to: next, as: { ...arrival, mails, lastMail, most: arrival.most + 1 } }];
    }
    case 'wait':
      return [{ to: next, as: later(arrival, lengthOf(instruction.wait)) }];
    case 'task':
      return [{ to: next, as: later(arrival, lengthOfTask(instruction)) }];
    case 'branch': {
      const sure = answerOf(instruction.if, arrival);
      return [true, false]
        .filter(answer => sure === null || sure === answer)
        .map(answer => ({
          to: answer ? next : instruction.otherwise,
          as: { ...arrival, known: [...arrival.known, { condition: instruction.if, answer }] },
        }));
    }
    case 'split':
      return instruction.paths.map(({ to }) => ({ to, as: arrival }));
    case 'jump':
      return [{ to: instruction.to, as: arrival }];
    case 'move':
    case 'exit':
      return [];
    default:
      return instruction satisfies never;
  }
}

/** A wait's length; until a weekday it is a week at most. */
function lengthOf(wait: Wait): Span {
  return wait.kind === 'for' ? { least: wait.ms, most: wait.ms } : { least: 0, most: 7 * day };
}

/** A task may be done at once; it is passed over when it is overdue by as much again, and weekends lie between. */
function lengthOfTask({ goOn, dueWithin: { unit, count } }: TaskInstruction): Span {
  if (goOn === 'at once') return { least: 0, most: 0 };
  const workingDays = unit === 'day' ? 2 * count : Math.ceil(count / 4);
  return { least: 0, most: (workingDays + 2 * Math.ceil(workingDays / 5)) * day };
}

function later(arrival: Arrival, by: Span): Arrival {
  const add = ({ least, most }: Span): Span => ({ least: least + by.least, most: most + by.most });
  return {
    ...arrival,
    began: add(arrival.began),
    lastMail: arrival.lastMail === null ? null : add(arrival.lastMail),
    mails: new Map([...arrival.mails].map(([name, span]) => [name, { ...span, ...add(span) }])),
  };
}

function joined(one: Arrival, other: Arrival): Arrival {
  const widest = (a: Span, b: Span): Span => ({
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  });
  const mails = new Map<string, Span & { sure: boolean }>();
  for (const name of new Set([...one.mails.keys(), ...other.mails.keys()])) {
    const [a, b] = [one.mails.get(name), other.mails.get(name)];
    if (a !== undefined && b !== undefined)
      mails.set(name, { ...widest(a, b), sure: a.sure && b.sure });
    else if (a !== undefined) mails.set(name, { ...a, sure: false });
    else if (b !== undefined) mails.set(name, { ...b, sure: false });
  }
  return {
    began: widest(one.began, other.began),
    mails,
    lastMail:
      one.lastMail === null || other.lastMail === null
        ? (one.lastMail ?? other.lastMail)
        : widest(one.lastMail, other.lastMail),
    most: Math.max(one.most, other.most),
    known: one.known.filter(each => other.known.includes(each)),
  };
}

/** What a branch always answers to those who come to it; null when it depends. */
export function answerOf(condition: Condition, { known }: Pick<Arrival, 'known'>): boolean | null {
  switch (condition.kind) {
    case 'did':
      return null;
    case 'clicked': {
      // A click stays one; only "no" can become "yes".
      const clicked = known.some(
        ({ condition: before, answer }) =>
          before.kind === 'clicked' &&
          before.mail === condition.mail &&
          answer !== before.negated &&
          (condition.withinMs === null || condition.withinMs === before.withinMs),
      );
      return clicked ? !condition.negated : null;
    }
    case 'fields': {
      if (Object.keys(condition.fields).length === 0) return true;
      if (impossible(condition.fields)) return false;
      for (const { condition: before, answer } of known) {
        if (before.kind !== 'fields') continue;
        if (answer && apart(before.fields, condition.fields)) return false;
        if (answer && covers(condition.fields, before.fields)) return true;
        if (!answer && covers(before.fields, condition.fields)) return false;
      }
      return null;
    }
    default:
      return condition satisfies never;
  }
}

/** Whether no lead can be like this. */
function impossible({ employees, country }: FieldsCondition): boolean {
  const noNumber = (pattern: string): boolean => {
    const numbers = numbersOf(pattern);
    return numbers === null || numbers.low > numbers.high;
  };
  const noCountry = (pattern: string): boolean =>
    !pattern.includes('*') && !/^\s*[a-z]{2}\s*$/i.test(pattern);
  return (employees?.every(noNumber) ?? false) || (country?.every(noCountry) ?? false);
}

/** Whether every lead that is like `inner` is like `outer` too. */
function covers(outer: FieldsCondition, inner: FieldsCondition): boolean {
  return entriesOf(outer).every(([field, patterns]) => {
    const own = inner[field];
    return own !== undefined && coversField(field, patterns, own);
  });
}

/** Whether no lead can be like both: some field would have to be two different texts. */
function apart(one: FieldsCondition, other: FieldsCondition): boolean {
  return entriesOf(one).some(([field, patterns]) => {
    const others = other[field];
    if (others === undefined || field === 'employees') return false;
    const plain = [...patterns, ...others].every(pattern => !pattern.includes('*'));
    const taken = patterns.map(pattern => pattern.trim().toLowerCase());
    return plain && !others.some(pattern => taken.includes(pattern.trim().toLowerCase()));
  });
}

function entriesOf(condition: FieldsCondition): [CriterionField, string[]][] {
  return Object.entries(condition) as [CriterionField, string[]][];
}
