import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../../domain/agreement/difference.ts';
import { tellDifference, tellStep } from '../../../domain/agreement/explain.ts';
import { scoreLead } from '../../../domain/agreement/score.ts';
import { day, hour, plus } from '../../../domain/instant.ts';
import { noFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';
import { manyEvents, manyFields, manyMoments, someAgreement } from './some.ts';

const agreement = theAgreement();
const best = { ...noFields, title: 'CEO', industry: 'logistics', employees: 300, country: 'AT' };
const pricing = (at = monday) => anEvent({ subject: '/pricing', at });
const scored = (events: Parameters<typeof scoreLead>[2], at = monday, fields = best) =>
  scoreLead(agreement, fields, events, null, at);

describe('what made the difference between two scores', () => {
  it('adds up: engagement before, what faded, and what each new event gained give engagement after', () => {
    fc.assert(
      fc.property(
        ...[someAgreement(), manyFields, manyEvents, manyMoments, manyMoments],
        fc.nat(25),
        (any, fields, events, one, other, known) => {
          const [from, to] = one < other ? [one, other] : [other, one];
          const before = scoreLead(any, noFields, events.slice(0, known), null, from);
          const after = scoreLead(any, fields, events, before.bands, to);
          for (const earlier of [before, null]) {
            const { lines, faded } = differenceOf(earlier, after, any);
            const gained = (axis: string) =>
              lines
                .filter(({ line }) => line.axis === axis)
                .reduce((total, line) => total + line.gained, 0);
            expect((earlier?.engagement ?? 0) + faded + gained('engagement')).toBe(
              after.engagement,
            );
            // Lines that give the same may stand a hundredth apart.
            expect(
              Math.abs((earlier?.fit ?? 0) + gained('fit') - after.fit),
            ).toBeLessThanOrEqual(4);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is the new event and what is known since, not what was there before', () => {
    const first = pricing();
    const before = scored([first], monday, { ...best, title: 'Cook' });
    const at = plus(monday, 2 * hour);
    const after = scored([first, pricing(monday + hour === at ? at : plus(at, -hour))], at);
    const difference = differenceOf(before, after, agreement);
    expect(tellDifference(difference, 'up', { at, isAnew: false })).toBe(
      'title (+35 of fit), pricing page 1 hour ago (+9.98)',
    );
    expect(tellDifference(difference, 'down', { at, isAnew: false })).toBe('points fade (−0.03)');
  });

  it('leaves out what a cap takes', () => {
    const full = [1, 2, 3].map(n => anEvent({ subject: `/pricing/${n}` }));
    const before = scored(full);
    const after = scored([...full, anEvent({ subject: '/pricing/4' })]);
    expect(differenceOf(before, after, agreement)).toEqual({ lines: [], faded: 0 });
  });

  it('tells of each step: the first, up, down, a request that ran out, and another agreement', () => {
    const demo = [anEvent({ kind: 'form', subject: 'Demo' })];
    const step = (before: ReturnType<typeof scored> | null, after: ReturnType<typeof scored>) => ({
      score: after,
      version: 2,
      before: before && { score: before, version: 2 },
      difference: differenceOf(before, after, agreement),
    });
    const quiet = scored([]);
    const hot = scored(demo);
    expect(tellStep(step(null, quiet))).toBe('first graded');
    expect(tellStep(step(quiet, hot))).toBe('up from C: demo form (+50)');
    const over = scored(demo, plus(monday, 60 * day));
    expect(tellStep(step(hot, over))).toBe('down from A: its request ran out; points fade (−50)');
    const anew = { ...step(quiet, quiet), version: 3 };
    expect(tellStep(anew)).toBe('version 3 of the agreement');
    const dearer = { ...step(quiet, hot), version: 3, difference: { lines: [], faded: hot.engagement } };
    expect(tellStep(dearer)).toBe(
      'up from C: version 3 of the agreement; what it did before counts otherwise (+50)',
    );
  });
});
