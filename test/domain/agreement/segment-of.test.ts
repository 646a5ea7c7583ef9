import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookbackOf } from '../../../domain/agreement/lookback.ts';
import { readSegments } from '../../../domain/agreement/read-segments.ts';
import { segmentOf, segmentsOf } from '../../../domain/agreement/segment-of.ts';
import type { Engagement } from '../../../domain/event/event.ts';
import { grades, type Grade } from '../../../domain/agreement/grade.ts';
import type { SendId } from '../../../domain/ids.ts';
import { day, hour, minute, plus } from '../../../domain/instant.ts';
import type { LeadFields } from '../../../domain/lead/fields.ts';
import {
  anEvent,
  monday,
  someEvents,
  someFields,
  someMoment,
  theAgreement,
  theFacts,
} from '../facts.ts';

const agreement = theAgreement();
const nurture = '    nurture: { C: c-nurture, D: d-long-cycle }\n';
/** The segments of such a file; the last one takes everyone. */
const segmentation = (...conditions: string[]) => {
  const given = conditions.map((when, n) => `  - name: s${n}\n    when: ${when}\n${nurture}`);
  const text = `segments:\n${given.join('')}  - name: rest\n${nurture}`;
  const sequences = ['c-nurture', 'd-long-cycle'];
  return { ...agreement, ...readSegments('f.yaml', text, sequences, agreement) };
};

interface Given {
  fields?: Partial<LeadFields>;
  source?: string;
  grade?: Grade;
  events?: Engagement[];
  rejections?: string[];
}
const nameOf = (when: string, given: Given = {}, at = monday) => {
  const { fields = {}, source = 'test', grade = 'C', events = [], rejections = [] } = given;
  const facts = theFacts({ fields, source }, { events, rejections });
  return segmentOf(facts, grade, segmentation(when), at).name;
};

const ago = (days: number) => plus(monday, -days * day);
const price = (days: number) => anEvent({ kind: 'page', subject: '/pricing', at: ago(days) });

describe('a segment asks', () => {
  it.each<[string, string, Given, boolean]>([
    ['a field', '{ industry: [manufacturing] }', { fields: { industry: 'Manufacturing' } }, true],
    ['a field that is missing', '{ industry: "*" }', {}, false],
    ['the source', '{ source: "spring fair*" }', { source: 'Spring Fair 2026' }, true],
    ['another source', '{ source: [webinar] }', { source: 'spring fair' }, false],
    ['the grade', '{ grade: D }', { grade: 'D' }, true],
    ['another grade', '{ grade: D }', { grade: 'C' }, false],
    ['a rejection', '{ rejected_for: [not now, unreachable] }', { rejections: ['not now'] }, true],
    ['another rejection', '{ rejected_for: unreachable }', { rejections: ['not now'] }, false],
    [
      'all it asks',
      '{ grade: C, source: test, employees: "> 10" }',
      { fields: { employees: 11 } },
      true,
    ],
    [
      'all but one',
      '{ grade: C, source: test, employees: "> 10" }',
      { fields: { employees: 9 } },
      false,
    ],
  ])('for %s', (_what, when, given, fits) => {
    expect(nameOf(when, given)).toBe(fits ? 's0' : 'rest');
  });

  const engaged = '{ engaged: { event: pricing page, at_least: 2, within: 30d } }';
  const click = (days: number, event: Partial<Engagement> = {}) =>
    anEvent({
      kind: 'click',
      subject: 'https://a.example',
      sendId: 'a' as SendId,
      at: ago(days),
      ...event,
    });
  const clicks = '{ engaged: { event: click, at_least: 2, within: 30d } }';
  const held = { holdUntil: plus(monday, minute) };
  const scanner = { userAgent: 'Barracuda', subject: 'https://b.example' };
  it.each<[string, string, Engagement[], boolean]>([
    ['often enough', engaged, [price(1), price(2)], true],
    ['once too seldom', engaged, [price(1)], false],
    ['too long ago', engaged, [price(1), price(30)], false],
    [
      'just in time',
      engaged,
      [price(1), anEvent({ subject: '/pricing', at: plus(ago(30), 1) })],
      true,
    ],
    ['something else', engaged, [price(1), anEvent({ subject: '/', at: ago(1) })], false],
    [
      'several things',
      engaged.replace('pricing page', '[pricing page, webinar]'),
      [price(1), anEvent({ kind: 'webinar', at: ago(2) })],
      true,
    ],
    [
      'anything of a kind',
      engaged.replace('pricing page', 'page'),
      [price(1), anEvent({ subject: '/', at: ago(1) })],
      true,
    ],
    ['once, when nothing is said', engaged.replace(' at_least: 2,', ''), [price(9)], true],
    ['one link twice', clicks, [click(1), click(2)], false],
    ['one link of two mails', clicks, [click(1), click(2, { sendId: 'b' as SendId })], true],
    ['two links, one of them a scanner', clicks, [click(1), click(2, scanner)], false],
    [
      'two links, one of them held',
      clicks,
      [click(1), click(0, { ...held, subject: 'https://b.example' })],
      false,
    ],
    [
      'a link again that was clicked long ago',
      clicks.replace(' at_least: 2,', ''),
      [click(1), click(40)],
      true,
    ],
  ])('what was done: %s', (_what, when, events, fits) => {
    expect(nameOf(when, { events })).toBe(fits ? 's0' : 'rest');
  });

  it('what was done as time goes by: nobody is engaged for ever', () => {
    const events = [price(1), price(2)];
    expect(nameOf(engaged, { events }, plus(monday, 28 * day - hour))).toBe('s0');
    expect(nameOf(engaged, { events }, plus(monday, 28 * day))).toBe('rest');
  });
});

it('the first segment that fits wins, and the others are known', () => {
  const all = segmentation('{ industry: retail }', '{ grade: C }');
  const facts = theFacts({ fields: { industry: 'retail' } });
  expect(segmentOf(facts, 'C', all, monday).name).toBe('s0');
  expect(segmentsOf(facts, 'C', all, monday).map(({ name }) => name)).toEqual(['s0', 's1', 'rest']);
  expect(segmentsOf(facts, 'D', all, monday).map(({ name }) => name)).toEqual(['s0', 'rest']);
});

it('every lead has exactly one segment, whatever the order of what it did', () => {
  const all = segmentation(
    '{ engaged: { event: [pricing page, click], at_least: 2, within: 30d } }',
    '{ engaged: { event: page, at_least: 1, within: 90d }, country: DE }',
    '{ rejected_for: not now, grade: D }',
    '{ industry: [manufacturing, logistics], source: "spring *" }',
    '{ employees: 50-199 }',
  );
  const names = all.segments.map(({ name }) => name);
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      ...([someFields, someEvents, someMoment, fc.constantFrom(...grades)] as const),
      fc.subarray(['not now', 'unreachable']),
      fc.constantFrom('spring fair', 'webinar'),
      fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
      (fields, events, at, grade, rejections, source, chance) => {
        const of = (some: Engagement[]) =>
          segmentOf(theFacts({ fields, source }, { events: some, rejections }), grade, all, at)
            .name;
        const name = of(events);
        seen.add(name);
        expect(names.filter(each => each === name)).toHaveLength(1);
        const keyed = events.map((event, n) => ({ event, key: chance[n] ?? 0 }));
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ event }) => event);
        expect(of(shuffled)).toBe(name);
        expect(of(events.toReversed())).toBe(name);
        const facts = theFacts({ fields, source }, { events, rejections });
        expect(segmentsOf(facts, grade, all, at)[0]?.name).toBe(name);
      },
    ),
    // A seed under which each segment has leads.
    { numRuns: 500, seed: 1 },
  );
  expect([...seen].toSorted()).toEqual([...names].toSorted());
});

it('looks back as far as any segment does', () => {
  const days = (within: string) =>
    lookbackOf(segmentation(`{ engaged: { event: page, within: ${within} } }`)) / day;
  expect(days('30d')).toBe(60);
  expect(days('90d')).toBe(90);
  expect(lookbackOf(agreement)).toBe(60 * day);
});
