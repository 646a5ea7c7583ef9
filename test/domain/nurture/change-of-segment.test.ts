import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../domain/agreement/agreement.ts';
import { day, plus } from '../../../domain/instant.ts';
import { decideEnrollment } from '../../../domain/nurture/decide.ts';
import { anEvent, monday } from '../facts.ts';
import { agreement, demo, enrolled, plan, type Enrolled } from './enrolled.ts';

const nurture = { C: 'price-talk', D: 'long-price-talk' };
/** The agreement, in which whoever looks at the price twice is in a segment of its own. */
const withPrice = (move?: boolean): Agreement => ({
  ...agreement,
  segments: [
    {
      name: 'asked about price',
      when: { engaged: { event: ['pricing page'], at_least: 2, within: 30 * day } },
      ...(move === undefined ? {} : { move }),
      nurture,
    },
    ...agreement.segments,
  ],
});
const price = (days: number) => anEvent({ subject: '/pricing', at: plus(monday, -days * day) });
const events = [price(1), price(2)];
const decide = (facts: Enrolled, under = withPrice(true), at = monday) =>
  decideEnrollment(facts, under, { sequence: 'test', plan }, at).move;

describe('a lead that comes to be in another segment', () => {
  it('goes on in its sequence when the segment says so', () => {
    expect(decide(enrolled({ events }))).toMatchObject({
      kind: 'move',
      sequence: 'price-talk',
      segment: 'asked about price',
      // What is done where that sequence is not published: what would be done anyway.
      otherwise: { kind: 'wait', then: 'deliver', mail: { name: 'first' } },
    });
    expect(decide(enrolled({ events }, { fields: {}, grade: 'D', bands: null }))).toMatchObject({
      kind: 'move',
      sequence: 'long-price-talk',
    });
  });

  it('also out of a sequence whose mail waits for somebody, and out of one that is over', () => {
    const blocked = { code: 'template', mail: 'first', detail: 'no name' } as const;
    expect(decide(enrolled({ events }, {}, { blocked })).kind).toBe('move');
    expect(decide(enrolled({ events }, {}, { cursor: plan.length }))).toMatchObject({
      kind: 'move',
      otherwise: { kind: 'end', reason: 'finished' },
    });
  });

  it.each([
    ['the segment says nothing of moving', enrolled({ events }), withPrice()],
    ['the segment says no', enrolled({ events }), withPrice(false)],
    ['it did not change segment', enrolled({ events: [price(1)] }), withPrice(true)],
    [
      'that segment is its own',
      enrolled({ events }, {}, { segment: 'asked about price' }),
      withPrice(true),
    ],
    [
      'ops paused it',
      enrolled({ events }, {}, { pausedAt: monday, remainingMs: 5 }),
      withPrice(true),
    ],
    [
      'it had that sequence',
      enrolled({ events, past: [{ sequence: 'price-talk', endReason: 'finished' }] }),
      withPrice(true),
    ],
    [
      'ops stopped it once, and a rep put it on a track',
      enrolled({ events, past: [{ sequence: 'x', endReason: 'stopped by ops' }] }),
      withPrice(true),
    ],
    [
      'it is B, and waits to be C again',
      enrolled(
        { events },
        {
          armed: false,
          seenRevision: 1,
          fields: {
            title: 'Plant Manager',
            industry: 'manufacturing',
            employees: 500,
            country: 'DE',
          },
          bands: { fit: 'A', engagement: 3 },
          grade: 'B',
        },
      ),
      {
        ...withPrice(true),
        grade: {
          ...agreement.grade,
          matrix: agreement.grade.matrix.map(row => row.map(() => 'B' as const)),
        },
      },
    ],
  ])('stays where it is when %s', (_why, facts, under) => {
    expect(decide(facts, under).kind).toBe('wait');
  });

  it('stays when it is in the sequence already', () => {
    const pinned = { sequence: 'price-talk', plan };
    expect(decideEnrollment(enrolled({ events }), withPrice(true), pinned, monday).move.kind).toBe(
      'wait',
    );
  });

  it('goes to sales, or leaves, all the same', () => {
    expect(decide(enrolled({ events: [...events, demo()] })).kind).toBe('escalate');
    expect(decide(enrolled({ events }, { suppressed: true }))).toEqual({
      kind: 'end',
      reason: 'suppressed',
    });
    expect(decide(enrolled({ events }, { account: 'customer' }))).toEqual({
      kind: 'end',
      reason: 'customer',
    });
  });
});
