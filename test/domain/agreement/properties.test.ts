import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { countedEvents } from '../../../domain/agreement/engagement.ts';
import { explainScore } from '../../../domain/agreement/explain.ts';
import { atLeast, bandOf, grades, isSales } from '../../../domain/agreement/grade.ts';
import { nextGradeChange } from '../../../domain/agreement/next-change.ts';
import { bandsOf, gradeWith, scoreLead, worthOf } from '../../../domain/agreement/score.ts';
import { hundredths } from '../../../domain/hundredths.ts';
import { day, instant, plus, type Instant } from '../../../domain/instant.ts';
import { appraise } from '../../../domain/nurture/appraise.ts';
import { theFacts } from '../facts.ts';
import { plainScore } from './plain-score.ts';
import {
  examples,
  fresh,
  manyEvents,
  manyFields,
  manyMoments,
  someAgreement,
  someBands,
} from './some.ts';

/** Each is tried on so many made-up leads, most under an agreement of their own. */
const cases = { numRuns: 10_000 };
const any = someAgreement();
const withoutNegative = someAgreement(0);

/** `expect` for what is asked a million times: it takes longer than what it looks at. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

describe('for any agreement, lead and moment', () => {
  it('the lines of a score add up to it exactly, shown ones too, and each names its events (P4)', () => {
    fc.assert(
      fc.property(any, manyFields, manyEvents, manyMoments, (agreement, fields, events, at) => {
        const { lines, fit, engagement } = scoreLead(agreement, fields, events, null, at);
        const sum = { fit: 0, engagement: 0 };
        const ids = new Set(events.map(({ id }) => id));
        for (const line of lines) {
          sum[line.axis] += line.points;
          if (line.axis === 'engagement')
            must(line.events.length > 0 && line.events.every(id => ids.has(id)), 'no events');
        }
        must(sum.fit === fit && sum.engagement === engagement, 'the lines do not add up');
        must(fit >= 0 && fit <= 10_000 && engagement >= 0 && engagement <= 10_000, 'off the scale');
        const shown = explainScore({ lines, at }).reduce(
          (total, { points }) => total + Math.round(Number(points) * 100),
          0,
        );
        must(shown === fit + engagement, 'the shown lines do not add up');
      }),
      cases,
    );
  });

  it('a score is what the rules say, told plainly; without its lines it is the same', () => {
    fc.assert(
      fc.property(
        ...[any, manyFields, manyEvents, someBands, manyMoments],
        (agreement, fields, events, bands, at) => {
          const score = scoreLead(agreement, fields, events, bands, at);
          const plain = plainScore(agreement, fields, events, bands, at);
          must(isDeepStrictEqual(score, plain), 'not what the rules say');
          const counted = countedEvents(events, agreement);
          const worth = worthOf(agreement, score.fit, counted, bands, at);
          must(isDeepStrictEqual({ ...worth, lines: score.lines }, score), 'another without lines');
        },
      ),
      cases,
    );
  });

  it('the order and the repetition of events change nothing (P6)', () => {
    fc.assert(
      fc.property(
        ...[any, manyFields, manyEvents, manyMoments],
        fc.infiniteStream(fc.nat()),
        (agreement, fields, events, at, noise) => {
          const shuffled = [...events, ...events.filter((_, index) => index % 3 !== 0)]
            .map(event => ({ event, key: noise.next().value as number }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ event }) => event);
          const once = scoreLead(agreement, fields, events, null, at);
          const again = scoreLead(agreement, fields, shuffled, null, at);
          must(isDeepStrictEqual(again, once), 'another score');
        },
      ),
      cases,
    );
  });

  it('without points against a lead, more engagement never lowers it, and time alone never raises it', () => {
    fc.assert(
      fc.property(
        ...[withoutNegative, manyFields, manyEvents, manyMoments],
        fc.constantFrom(...Object.keys(examples)),
        fc.nat(100 * day),
        (agreement, fields, events, at, name, ms) => {
          const before = scoreLead(agreement, fields, events, null, at);
          const more = [...events, fresh(name, plus(at, -(ms % day)), 1)];
          const after = scoreLead(agreement, fields, more, null, at);
          must(after.engagement >= before.engagement, 'more engagement lowered it');
          must(atLeast(after.grade, before.grade), 'more engagement made the grade worse');
          const begun = events.filter(event => (event.holdUntil ?? event.at) <= at);
          const now = scoreLead(agreement, fields, begun, null, at);
          const then = scoreLead(agreement, fields, begun, now.bands, plus(at, ms));
          must(then.engagement <= now.engagement, 'time alone raised it');
          must(atLeast(now.grade, then.grade), 'time alone made the grade better');
        },
      ),
      cases,
    );
  });

  it('time alone may lift a lead as points against it fade, and takes it to nobody', () => {
    let lifted = 0;
    fc.assert(
      fc.property(
        ...[any, manyFields, manyEvents, manyMoments],
        (agreement, fields, events, at) => {
          const quiet = events.filter(({ kind, holdUntil }) => kind !== 'reply' && !holdUntil);
          const earlier = quiet.filter(event => event.at <= at);
          const known = [...earlier, fresh('form', at, 1), fresh('careers page', at, 2)];
          const then = scoreLead(agreement, fields, known, null, at);
          const facts = theFacts(
            { fields, bands: then.bands, grade: then.grade, scoredAt: at, seenRevision: 1 },
            // Whatever was asked for until then, somebody has answered.
            { events: known, escalationEndedAt: at },
          );
          const change = nextGradeChange(agreement, known, then);
          const { cause, score, news } = appraise(facts, agreement, change?.at ?? at);
          if (isSales(score.grade) && !isSales(then.grade)) lifted += 1;
          must(!news && cause === null, 'time alone escalated a lead');
        },
      ),
      cases,
    );
    must(lifted > 10, `only ${lifted} leads were lifted, so little was shown`);
  });

  it('the next change is the true one to the millisecond, and until then nothing changes', () => {
    fc.assert(
      fc.property(
        ...[any, manyFields, manyEvents, someBands, manyMoments],
        (agreement, fields, events, bands, at) => {
          const score = scoreLead(agreement, fields, events, bands, at);
          const change = nextGradeChange(agreement, events, score);
          const counted = countedEvents(events, agreement);
          const gradeAt = (moment: Instant) =>
            worthOf(agreement, score.fit, counted, score.bands, moment).grade;
          const ends = counted.flatMap(({ from, event, window }) => [from, event.at + window]);
          const last = change === null ? Math.max(at, ...ends) + day : change.at - 1;
          if (change !== null) {
            must(change.at > at && change.to !== score.grade, 'no change');
            must(gradeAt(change.at) === change.to, 'not what was foretold');
          }
          // Where something begins, ends, or lies between, nothing has happened before.
          const edges = [at, last, ...ends.flatMap(end => [end - 1, end])]
            .filter(moment => moment >= at && moment <= last)
            .toSorted((a, b) => a - b);
          for (const [index, edge] of edges.entries()) {
            const middle = Math.floor((edge + (edges[index + 1] ?? edge)) / 2);
            must(gradeAt(instant(edge)) === score.grade, 'it changed before');
            must(gradeAt(instant(middle)) === score.grade, 'it changed before');
          }
        },
      ),
      cases,
    );
  });

  it('hysteresis never flaps: a score that moves less than it crosses each cut once at most', () => {
    const values = fc.array(fc.nat(10_000), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(
        ...[any, fc.nat(10_000), values, fc.option(fc.nat(3))],
        ({ grade: { cuts, hysteresis } }, from, moves, before) => {
          let band = bandOf(hundredths(from), cuts, hysteresis, before);
          must(
            bandOf(hundredths(from), cuts, hysteresis, band) === band,
            'it left a band by staying',
          );
          const crossings = [0, 0, 0];
          for (const move of moves) {
            const value = Math.min(from + (move % Math.max(1, hysteresis * 100)), 10_000);
            const next = bandOf(hundredths(value), cuts, hysteresis, band);
            for (const cut of [0, 1, 2])
              if (band <= cut !== next <= cut) crossings[cut] = (crossings[cut] ?? 0) + 1;
            band = next;
          }
          must(
            hysteresis === 0 || crossings.every(count => count <= 1),
            'it went over a cut and back',
          );
        },
      ),
      cases,
    );
  });

  it('every fit and engagement has exactly one grade: the matrix’s, or what a raised hand gives', () => {
    const value = fc.nat(10_000);
    fc.assert(
      fc.property(any, value, value, fc.boolean(), (agreement, fit, engagement, raised) => {
        const { cuts, matrix, hand_raise: rule } = agreement.grade;
        const cutsAbove = (score: number) =>
          [cuts.high, cuts.middle, cuts.low].filter(cut => score < cut * 100).length;
        const cell = matrix[cutsAbove(fit)]?.[cutsAbove(engagement)] ?? 'none';
        const bands = bandsOf(agreement, hundredths(fit), hundredths(engagement), null);
        const grade = gradeWith(agreement, bands, raised);
        const best = raised && cell > rule.gives_at_least ? rule.gives_at_least : cell;
        must(grades.includes(grade) && grade === best, 'another grade');
      }),
      cases,
    );
  });
});
