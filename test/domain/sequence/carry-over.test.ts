import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver, type Steps } from '../../../domain/sequence/carry-over.ts';
import { landed, waysFrom } from '../../../domain/sequence/flow.ts';
import {
  compiledName,
  outlineOf,
  planOf,
  type Instruction,
  type Plan,
} from '../../../domain/sequence/plan.ts';
import type { SequenceDocument, Step } from '../../../domain/sequence/schema.ts';

const mail = (name: string, subject = name): Step => ({ mail: name, subject, preheader: 'p' });
const wait = (days: number): Step => ({ wait: { kind: 'for', ms: days * 86_400_000 } });
const branch = (then: Step[], otherwise?: Step[]): Step => ({
  if: { kind: 'clicked', mail: 'one', withinMs: null, negated: false },
  then,
  ...(otherwise === undefined ? {} : { else: otherwise }),
});
const document = (steps: Step[]): SequenceDocument => ({ goal: 'g', owner: 'o', steps });

function version(steps: Step[], bodies: Record<string, string> = {}): Steps {
  const plan = planOf(document(steps));
  const names = plan.flatMap(step => (step.do === 'mail' ? [compiledName(step)] : []));
  return { plan, mails: Object.fromEntries(names.map(name => [name, bodies[name] ?? ''])) };
}

/** Where the mail stands, or the end. */
function at({ plan }: Steps, name: string): number {
  const index = plan.findIndex(step => step.do === 'mail' && step.mail === name);
  return index < 0 ? plan.length : index;
}

const shipped = [
  mail('one'),
  wait(4),
  mail('two'),
  branch([mail('three')], [wait(1), mail('four')]),
  wait(7),
  mail('five'),
];

describe('a lead goes on in another version', () => {
  it.each<[string, Step[], Record<string, string | null>]>([
    ['that is the same', shipped, { one: null, two: null, four: null, five: null, end: null }],
    [
      'where a later step is another',
      [
        mail('one'),
        wait(4),
        mail('two'),
        branch([mail('three', 'x')], [wait(1), mail('four')]),
        wait(7),
        mail('five'),
      ],
      { one: null, two: null, three: 'three', four: null, five: 'three', end: 'three' },
    ],
    [
      'where the other answer leads to more',
      [
        mail('one'),
        wait(4),
        mail('two'),
        branch([mail('three'), mail('six')], [wait(1), mail('four')]),
        wait(7),
        mail('five'),
      ],
      { two: null, three: null, four: null, five: 'the wait of 7 days' },
    ],
    [
      'where a wait is another that it may be in',
      [mail('one'), wait(5), mail('two')],
      { one: null, two: 'the wait of 4 days' },
    ],
    [
      'where there is more after the end',
      [...shipped, mail('six')],
      { five: null, end: 'the end' },
    ],
    ['where all is another', [mail('other')], { one: 'one', two: 'one', end: 'one' }],
    [
      'where a branch has another answer now',
      [mail('one'), wait(4), mail('two'), branch([mail('three')]), wait(7), mail('five')],
      { three: null, four: 'the wait of 1 day', five: 'the wait of 1 day' },
    ],
  ])('%s', (_, steps, expected) => {
    const [before, after] = [version(shipped), version(steps)];
    for (const [name, reached] of Object.entries(expected)) {
      const result = carryOver(before, after, at(before, name));
      const wanted = reached === null ? { cursor: at(after, name) } : { reached };
      expect(result, name).toEqual(wanted);
    }
  });

  it('where a text that it has not come to is another, and not where it has', () => {
    const before = version(shipped);
    const after = version(shipped, { four: 'x' });
    expect(carryOver(before, after, at(before, 'three'))).toEqual({ cursor: at(after, 'three') });
    expect(carryOver(before, after, at(before, 'four'))).toEqual({ reached: 'four' });
    expect(carryOver(before, after, at(before, 'five'))).toEqual({ reached: 'four' });
  });
});

const variants: Step = {
  mail: 'a',
  subject: 'a',
  preheader: 'p',
  variants: { yes: { weight: 1 }, no: { weight: 1, subject: 'b' }, hold_out: { weight: 1 } },
};

/** Sequences that resemble each other in their beginnings, with few words to tell them apart. */
const steps: fc.Arbitrary<Step[]> = fc.letrec<{ steps: Step[]; step: Step }>(tie => ({
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c').map(name => mail(name)),
    fc.constantFrom(1, 2).map(days => wait(days)),
    fc.constantFrom<Step>({ exit: 'done' }, { move: 'other' }, variants),
    fc
      .tuple(fc.constantFrom(1, 2), tie('steps'), fc.option(tie('steps'), { nil: undefined }))
      .map(([weight, yes, no]): Step => ({
        split: 'way',
        paths: { yes: { weight, steps: yes }, no: { weight: 1, steps: no } },
      })),
    fc
      .tuple(tie('steps'), fc.option(tie('steps'), { nil: undefined }))
      .map(([yes, no]) => branch(yes, no)),
  ),
})).steps;

/** A sequence, and the same with one of its steps removed, doubled, or made another. */
const edits = fc
  .tuple(steps, fc.nat(), fc.constantFrom('remove', 'double', 'other', 'nothing'))
  .map(([all, pick, how]) => {
    const paths = outlineOf(document(all)).map(({ path }) => path);
    const path = paths[pick % paths.length] ?? [];
    return [all, how === 'nothing' ? all : edited(all, path.slice(1), how)] as const;
  });

function edited(
  all: readonly Step[],
  [index, ...rest]: readonly PropertyKey[],
  how: string,
): Step[] {
  return all.flatMap((step, n): Step[] => {
    if (n !== index) return [step];
    const [arm, ...inner] = rest;
    if ('if' in step && arm === 'then') return [{ ...step, then: edited(step.then, inner, how) }];
    if ('if' in step && arm === 'else')
      return [{ ...step, else: edited(step.else ?? [], inner, how) }];
    if ('split' in step && arm === 'paths') {
      const [name, , ...deeper] = inner;
      const paths = Object.entries(step.paths).map(([key, path]) =>
        key === name
          ? [key, { ...path, steps: edited(path.steps ?? [], deeper, how) }]
          : [key, path],
      );
      return [{ ...step, paths: Object.fromEntries(paths) as typeof step.paths }];
    }
    if (how === 'remove') return [];
    return how === 'double' ? [step, step] : [mail('other')];
  });
}

/** What a lead comes by that answers every branch as it is told, up to a place; null when it never gets there. */
function walked(plan: Plan, target: number, answers: readonly string[]): unknown[] | null {
  const passed: unknown[] = [];
  const left = [...answers];
  for (let here = landed(plan, 0); ;) {
    const instruction = plan[here];
    passed.push(saidBy(instruction));
    if (here === target) return passed;
    const ways = waysFrom(plan, here);
    const by = ways.length > 1 ? (left.shift() ?? 'no') : null;
    const way = ways.find(each => each.by === by);
    if (way === undefined) return null;
    here = way.to;
  }
}

/** What an instruction does, without where it leads. */
function saidBy(instruction: Instruction | undefined): unknown {
  if (instruction?.do === 'branch') return ['branch', instruction.if];
  if (instruction?.do !== 'split') return instruction ?? 'the end';
  const paths = instruction.paths.map(({ variant, weight }) => [variant, weight]);
  return ['split', instruction.split, paths];
}

const answers = fc.array(fc.constantFrom('yes', 'no'), { maxLength: 12 });

describe('whatever is changed', () => {
  it('a lead is moved only where all that it has passed, and where it stands, is the same (P5)', () => {
    let moved = 0;
    fc.assert(
      fc.property(edits, fc.nat(), answers, ([was, is], pick, said) => {
        const [before, after] = [version(was), version(is)];
        const cursor = landed(before.plan, pick % (before.plan.length + 1));
        const result = carryOver(before, after, cursor);
        const passed = walked(before.plan, cursor, said);
        if (!('cursor' in result) || passed === null) return;
        moved += 1;
        expect(walked(after.plan, result.cursor, said)).toEqual(passed);
      }),
      { numRuns: 600 },
    );
    expect(moved).toBeGreaterThan(50);
  });

  it('a lead is moved wherever nothing on any way to it is another', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, pick) => {
        const same = version(all);
        const cursor = pick % (same.plan.length + 1);
        const isReached = ways(same.plan).has(landed(same.plan, cursor));
        const result = carryOver(same, version([...all, mail('more')]), cursor);
        const isEnd = landed(same.plan, cursor) === same.plan.length;
        if (isReached && !isEnd) expect(result).toEqual({ cursor: landed(same.plan, cursor) });
        if (isEnd) expect(result).toHaveProperty('reached');
      }),
      { numRuns: 200 },
    );
  });
});

/** Every place that a lead can come to. */
function ways(plan: Plan): Set<number> {
  const reached = new Set<number>();
  const open = [landed(plan, 0)];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    if (reached.has(here)) continue;
    reached.add(here);
    open.push(...waysFrom(plan, here).map(({ to }) => to));
  }
  return reached;
}
