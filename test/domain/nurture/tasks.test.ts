import { describe, expect, it } from 'vitest';
import type { PersonId, TaskId } from '../../../domain/ids.ts';
import { day, instant, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import type { Plan, TaskInstruction } from '../../../domain/sequence/plan.ts';
import { planOf } from '../../../domain/sequence/plan.ts';
import { readDocument } from '../../../domain/document/read.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';
import { takerOf, type Taker } from '../../../domain/task/taker.ts';
import type { TaskFacts } from '../../../domain/task/task.ts';
import { aSend, monday } from '../facts.ts';
import { decide, enrolled, mail, waitDays } from './enrolled.ts';

const call: TaskInstruction = {
  ...{ do: 'task', task: 'ring', kind: 'call', for: 'owner', note: null },
  dueWithin: { unit: 'day', count: 2 },
  goOn: 'when done',
};
const atOnce: TaskInstruction = { ...call, goOn: 'at once' };
const plan: Plan = [mail('first'), waitDays(1), call, mail('second')];
const sends = [aSend({ at: monday })];
const lapsesAt = plus(monday, 5 * day);
const aTask = (task: Partial<TaskFacts> = {}): TaskFacts => ({
  ...{ id: 'task' as TaskId, stepKey: 'ring', state: 'open', person: 'lena' as PersonId },
  ...{ isTheirs: true, isTold: true, lapsesAt, endedAt: null, ...task },
});
const at = (days: number) => plus(monday, days * day);
/** What is decided so many days later, where the lead waits for the call. */
const waiting = (task: Partial<TaskFacts>, days: number, dueAt = lapsesAt) =>
  decide(enrolled({ sends }, {}, { cursor: 2, dueAt, tasks: [aTask(task)] }), at(days), plan);

describe('a task', () => {
  it('is not given before its time, and waited for from then on', () => {
    const before = decide(enrolled({ sends }), at(0.5), plan);
    expect(before).toMatchObject({ kind: 'wait', then: 'turn', until: at(1), cursor: 2 });
    expect(before).not.toHaveProperty('tasks');
    expect(decide(enrolled({ sends }), at(1), plan)).toMatchObject({
      ...{ kind: 'wait', then: 'turn', cursor: 2 },
      tasks: { begins: [call], lapses: [], passesOn: [] },
    });
  });

  it('keeps the lead until it lapses, and says for whom it waits', () => {
    const move = waiting({}, 2);
    expect(move).toMatchObject({
      ...{ kind: 'wait', then: 'turn', cursor: 2, until: lapsesAt, dueAt: lapsesAt },
      task: { name: 'ring', kind: 'call', person: 'lena', until: lapsesAt },
    });
    expect(move).not.toHaveProperty('tasks');
  });

  it.each(['done', 'skipped'] as const)('lets the lead go on from when it is %s', state => {
    expect(waiting({ state, endedAt: at(4) }, 4)).toMatchObject({
      ...{ then: 'deliver', cursor: 3, dueAt: at(4), mail: { name: 'second' } },
    });
  });

  it('lapses at its moment, and with what a pause took from it not before (P9)', () => {
    expect(waiting({}, 5)).toMatchObject({
      ...{ then: 'deliver', cursor: 3, dueAt: lapsesAt, tasks: { lapses: ['ring'] } },
    });
    expect(waiting({}, 6, at(9))).toMatchObject({ then: 'turn', until: at(9) });
    expect(waiting({}, 9, at(9))).toMatchObject({ cursor: 3, tasks: { lapses: ['ring'] } });
  });

  it('goes on to somebody else when whoever has it has left', () => {
    expect(waiting({ isTheirs: false }, 2)).toMatchObject({
      until: lapsesAt,
      tasks: { passesOn: [{ task: { id: 'task' }, instruction: call }] },
    });
  });

  it('does not hold up a sequence that goes on at once; the end waits for it', () => {
    const steps: Plan = [atOnce, mail('first')];
    expect(decide(enrolled(), monday, steps)).toMatchObject({
      ...{ then: 'deliver', cursor: 1, mail: { name: 'first' }, tasks: { begins: [atOnce] } },
    });
    const over = (task: Partial<TaskFacts>, days: number) =>
      decide(enrolled({ sends }, {}, { cursor: 2, tasks: [aTask(task)] }), at(days), steps);
    expect(over({}, 1)).toMatchObject({ kind: 'wait', then: 'turn', until: lapsesAt });
    expect(over({ state: 'done', endedAt: at(1) }, 1)).toEqual({ kind: 'end', reason: 'finished' });
    expect(over({}, 5)).toEqual({ kind: 'end', reason: 'finished' });
  });

  it('is nothing that keeps a lead which leaves: paused, suppressed, over the line (P10)', () => {
    const facts = (enrollment: object, lead = {}) =>
      enrolled({ sends }, lead, { cursor: 2, dueAt: at(1), ...enrollment });
    const paused = decide(facts({ pausedAt: at(1), remainingMs: 0 }), at(2), plan);
    expect(paused).toMatchObject({ stage: 'paused' });
    expect(paused).not.toHaveProperty('tasks');
    expect(decide(facts({ tasks: [aTask()] }, { suppressed: true }), at(2), plan)).toEqual({
      ...{ kind: 'end', reason: 'suppressed' },
    });
  });
});

describe('who does a task', () => {
  const person = (id: string, more: Partial<Taker> = {}): Taker => ({
    ...{ id: id as PersonId, role: 'rep', territory: null, country: null, isCatchAll: false },
    ...{ isAway: false, open: 0, lastAt: null, ...more },
  });
  const theo = person('theo', { role: 'manager', isCatchAll: true });
  const fields = { ...noFields, country: 'DE' };
  const nobody = { owner: null, lastRep: null };
  const who = (takers: Taker[], known = nobody as Parameters<typeof takerOf>[3], of = call.for) =>
    takerOf(of, fields, [...takers, theo], known).id;

  it('is the owner of the account, or who had the lead last, unless they are away', () => {
    const known = { owner: 'b' as PersonId, lastRep: 'c' as PersonId };
    const [a, b, c] = [person('a'), person('b'), person('c')];
    expect(who([a, b, c], known)).toBe('b');
    expect(who([a, { ...b, isAway: true }, c], known)).toBe('c');
    expect(who([a, c], { ...known, lastRep: null })).toBe('a');
    expect(who([a, b, c], known, 'rep')).toBe('a');
  });

  it('is of the territory and the role, with the fewest open tasks, then longest without one', () => {
    const abroad = person('a', { territory: { country: ['AT'] } });
    expect(who([abroad, person('b', { open: 2 }), person('c', { open: 1 })])).toBe('c');
    const last = instant(5);
    expect(who([person('b', { lastAt: last }), person('c', { lastAt: instant(4) })])).toBe('c');
    expect(who([person('b'), person('t', { role: 'telesales' })], nobody, 'telesales')).toBe('t');
  });

  it('is the catch-all owner where nobody is eligible (P3)', () => {
    expect(who([person('a', { isAway: true })])).toBe('theo');
    expect(who([person('a')], nobody, 'telesales')).toBe('theo');
  });
});

describe('the form of a task', () => {
  const read = (task: string) =>
    planOf(
      readDocument('s.yaml', `goal: t\nowner: n\nsteps:\n  - { ${task} }\n`, sequenceSchema).value,
    );
  const whole = 'task: ring, do: call, for: owner, due_within: 2 working days';

  it('is read as it is said', () => {
    expect(read(whole)).toEqual([call]);
    expect(read(`${whole}, go_on: at once, note: Ask`)).toEqual([{ ...atOnce, note: 'Ask' }]);
  });

  it.each([
    [whole.replace('call', 'cal'), 'Did you mean "call"?'],
    [whole.replace('owner', 'everybody'), 'must be one of owner, rep, telesales, manager'],
    [whole.replace('2 working', '0 working'), 'working time is written like'],
    [whole.replace('2 working', '90 working'), 'within 20 working days, or 160 working hours'],
    [whole.replace(', for: owner', ''), '"steps.1.for" is nothing, but must be one of owner'],
    [`${whole}, goon: at once`, '"goon" is not known here. Did you mean "go_on"?'],
  ])('says what is wrong with { %s }', (task, told) => {
    expect(() => read(task)).toThrow(told);
  });
});
