import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../domain/agreement/agreement.ts';
import { replay, type Replayed } from '../../../domain/agreement/replay.ts';
import { Evidence } from '../../../domain/agreement/replay/evidence.ts';
import type { LeadHistory, Timeline } from '../../../domain/agreement/replay/history.ts';
import { rulerOf } from '../../../domain/agreement/replay/ruler.ts';
import { day, hour, minute, plus, type Instant } from '../../../domain/instant.ts';
import { appraise } from '../../../domain/nurture/appraise.ts';
import { anEvent, monday, theAgreement, theFacts } from '../facts.ts';
import { aHistory, bestFields, someHistory } from './histories.ts';

const agreement = theAgreement();
const ruler = rulerOf(agreement);
const period = { since: plus(monday, -200 * day), to: monday, timeline: 'received' as Timeline };

function replayed(lead: LeadHistory, to = monday, timeline: Timeline = 'received'): Replayed {
  const result = replay(lead, new Evidence(ruler, lead, timeline), { ...period, to, timeline });
  if (result === null) throw new Error('The lead came in later.');
  return result;
}

/** The engine as it is, turn by turn: every turn asks `appraise`, and wakes when it says so. */
function played(lead: LeadHistory, rules: Agreement, to: Instant): Replayed | null {
  if (lead.createdAt > to) return null;
  const lookback = Math.max(...Object.values(rules.engagement).map(({ window }) => window));
  const known = (at: Instant) =>
    lead.events.filter(
      event => Math.max(event.receivedAt, lead.createdAt) <= at && event.at > at - lookback,
    );
  const news = new Set(
    lead.events
      .flatMap(({ receivedAt, holdUntil }) => [
        Math.max(receivedAt, lead.createdAt),
        holdUntil !== null && holdUntil > lead.createdAt ? holdUntil : lead.createdAt,
      ])
      .filter(at => at <= to),
  );
  const escalations: Replayed['escalations'] = [];
  let state = theFacts({ fields: lead.fields, account: lead.account }).lead;
  let until: number | null = null;
  let endedAt: Instant | null = null;
  let grade: Replayed['grade'] = 'D';
  for (let at: Instant = lead.createdAt; at <= to; ) {
    const isDisqualified = lead.disqualifiedAt !== null && lead.disqualifiedAt <= at;
    const facts = theFacts(
      {
        ...state,
        suppressed: lead.suppressedAt !== null && lead.suppressedAt <= at,
        disqualified: isDisqualified ? 'competitor' : null,
        revision: news.has(at) && until !== at ? 2 : 1,
        seenRevision: 1,
      },
      {
        events: known(at),
        escalation: until === null ? null : ('escalation' as never),
        escalationEndedAt: endedAt,
      },
    );
    const { score, armed, cause, change } = appraise(facts, rules, at);
    grade = score.grade;
    state = { ...state, bands: score.bands, grade, armed, scoredAt: at };
    const wake = change?.at ?? Infinity;
    if (until === at) {
      until = null;
      endedAt = at;
      // Given back, it is looked at again in the same moment, by whoever comes next.
      if (news.has(at)) continue;
    } else if (cause !== null) {
      escalations.push({ at, cause, grade });
      state = { ...state, armed: false };
      const real = lead.escalations.find(other => other.endedAt === null || other.endedAt > at);
      until =
        real?.endedAt == null
          ? Infinity
          : real.at - at <= day
            ? real.endedAt
            : at + (real.endedAt - real.at);
    }
    const nexts = [...news, until ?? Infinity, until === null ? wake : Infinity];
    at = Math.min(...nexts.filter(next => next > at)) as Instant;
    if (at > to) {
      const last = appraise(
        theFacts(state, { events: known(to), escalation: 'over' as never }),
        rules,
        to,
      );
      grade = last.score.grade;
    }
  }
  return { grade, escalations };
}

describe('a replay', () => {
  it('is what the engine does, turn by turn', () => {
    let crossings = 0;
    fc.assert(
      fc.property(someHistory, lead => {
        const result = replay(lead, new Evidence(ruler, lead, 'received'), period);
        crossings += result?.escalations.filter(({ cause }) => cause === 'crossing').length ?? 0;
        expect(result).toEqual(played(lead, agreement, monday));
      }),
      { numRuns: 600 },
    );
    expect(crossings).toBeGreaterThan(50);
  });

  const pricing = (at: Instant, n = 1) => anEvent({ subject: `/pricing/${n}`, at });
  const times = (count: number, at: Instant) =>
    Array.from({ length: count }, (_, n) => pricing(plus(at, n * minute), n));

  it('hands over once for each crossing, and again only after the lead was C or D', () => {
    const first = plus(monday, -80 * day);
    const lead = aHistory({
      fields: bestFields,
      escalations: [{ at: plus(first, 2 * minute), endedAt: plus(first, day), grade: 'B', cause: 'crossing' }],
      events: [...times(4, first), ...times(3, plus(first, 2 * day)), ...times(3, plus(first, 50 * day))],
    });
    expect(replayed(lead).escalations).toEqual([
      { at: plus(first, 2 * minute), cause: 'crossing', grade: 'B' },
      { at: plus(first, 50 * day + 2 * minute), cause: 'crossing', grade: 'B' },
    ]);
  });

  it('leaves a lead that sales never had with sales', () => {
    const lead = aHistory({
      fields: bestFields,
      events: [...times(4, plus(monday, -80 * day)), ...times(4, plus(monday, -5 * day))],
    });
    expect(replayed(lead).escalations).toHaveLength(1);
  });

  it('takes as long with sales as it really took, where a version hands over earlier', () => {
    const early = plus(monday, -90 * day);
    const lead = aHistory({
      fields: bestFields,
      escalations: [{ at: plus(monday, -60 * day), endedAt: plus(monday, -55 * day), grade: 'B', cause: 'crossing' }],
      events: [
        ...times(3, early),
        anEvent({ kind: 'reply', at: plus(early, 4 * day) }),
        anEvent({ kind: 'reply', at: plus(early, 6 * day) }),
      ],
    });
    expect(replayed(lead).escalations.map(({ at, cause }) => [cause, at])).toEqual([
      ['crossing', plus(early, 2 * minute)],
      ['reply', plus(early, 6 * day)],
    ]);
  });

  it('never lets a lead cross that is ruled out, or was by then', () => {
    const events = times(4, plus(monday, -10 * day));
    const at = (moment: number) => plus(monday, moment * day);
    const count = (lead: Parameters<typeof aHistory>[0]) =>
      replayed(aHistory({ fields: bestFields, events, ...lead })).escalations.length;
    expect(count({})).toBe(1);
    expect(count({ fields: { ...bestFields, title: 'Student' } })).toBe(0);
    expect(count({ account: 'customer' })).toBe(0);
    // What it asks for goes to whoever owns it.
    const reply = anEvent({ kind: 'reply', at: plus(monday, -9 * day) });
    expect(count({ account: 'customer', events: [...events, reply] })).toBe(1);
    expect(count({ account: 'competitor', events: [...events, reply] })).toBe(0);
    expect(count({ suppressedAt: at(-11) })).toBe(0);
    expect(count({ suppressedAt: at(-9) })).toBe(1);
    expect(count({ disqualifiedAt: at(-11) })).toBe(0);
    expect(count({ disqualifiedAt: at(-9) })).toBe(1);
  });

  it('sees a history that was brought in afterwards as it happened', () => {
    const receivedAt = plus(monday, -hour);
    const events = times(4, plus(monday, -30 * day)).map(event => ({ ...event, receivedAt }));
    const lead = aHistory({ fields: bestFields, createdAt: receivedAt, events });
    expect(replayed(lead, monday, 'happened').escalations.map(({ at }) => at)).toEqual([
      plus(monday, -30 * day + 2 * minute),
    ]);
    expect(replayed(lead).escalations).toEqual([]);
  });

  it('goes on from where the lead was, where it begins in the middle', () => {
    const open = { at: plus(monday, -99 * day), endedAt: null, grade: 'B', cause: 'crossing' } as const;
    const events = times(4, plus(monday, -10 * day));
    const since = plus(monday, -50 * day);
    const from = (lead: LeadHistory) =>
      replay(lead, new Evidence(ruler, lead, 'received'), { ...period, since });
    const lead = aHistory({ fields: bestFields, events });
    expect(from(lead)?.escalations).toHaveLength(1);
    expect(from({ ...lead, escalations: [open] })?.escalations).toHaveLength(0);
    const ended = { ...open, endedAt: plus(monday, -98 * day) };
    expect(from({ ...lead, escalations: [ended] })?.escalations).toHaveLength(1);
  });
});
