import fc from 'fast-check';
import type { KnownOutcome, LeadHistory } from '../../../domain/agreement/replay/history.ts';
import type { LeadId } from '../../../domain/ids.ts';
import { day, hour, instant, minute, plus } from '../../../domain/instant.ts';
import { noFields, type LeadFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, someFields } from '../facts.ts';

let made = 0;

/** Fit A under the agreement of this repository. */
export const bestFields: Partial<LeadFields> = {
  title: 'Plant Manager',
  industry: 'manufacturing',
  employees: 500,
  country: 'DE',
};

/** What is known of a lead that came in a hundred days before Monday, where only that is told which matters. */
export function aHistory(
  history: Partial<Omit<LeadHistory, 'fields'>> & { fields?: Partial<LeadFields> } = {},
): LeadHistory {
  made += 1;
  return {
    id: `lead-${String(made).padStart(6, '0')}` as LeadId,
    account: null,
    disqualifiedAt: null,
    suppressedAt: null,
    createdAt: plus(monday, -100 * day),
    escalations: [],
    outcomes: [],
    ...history,
    events: (history.events ?? []).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    fields: { ...noFields, ...history.fields },
  };
}

export function anOutcome(kind: KnownOutcome['kind'], at = monday): KnownOutcome {
  return { kind, at };
}

/** Moments on the hour: what happens within seconds of each other is about scanners, and tested there. */
const someHour = fc.integer({ min: -100 * 24, max: 0 }).map(hours => plus(monday, hours * hour));

const seldom = fc.oneof(
  { arbitrary: fc.constant(null), weight: 8 },
  { arbitrary: someHour, weight: 1 },
);

const gentle = [
  ['page', '/pricing'],
  ['page', '/pricing/2'],
  ['page', '/'],
  ['page', '/careers/x'],
  ['click', 'https://a.example/1'],
  ['click', 'https://a.example/2'],
  ['download', 'A guide'],
  ['webinar', 'A webinar'],
] as const;
/** After one of these little else matters. */
const decisive = [
  ['form', 'Demo request'],
  ['reply', null],
  ['booked', null],
] as const;

/** Histories of a hundred days in which everything happens. */
export const someHistory: fc.Arbitrary<LeadHistory> = fc
  .record({
    fields: fc.oneof(someFields, fc.constant({ ...noFields, ...bestFields })),
    account: fc.constantFrom(null, null, null, null, 'customer', 'competitor'),
    disqualifiedAt: seldom,
    suppressedAt: seldom,
    createdAt: fc.oneof(someHour, fc.constant(plus(monday, -95 * day))),
    escalations: fc.uniqueArray(someHour, { maxLength: 4 }),
    events: fc.array(
      fc.record({
        what: fc.oneof(
          { arbitrary: fc.constantFrom(...gentle), weight: 30 },
          { arbitrary: fc.constantFrom(...decisive), weight: 1 },
        ),
        at: someHour,
        late: fc.constantFrom(0, 0, 0, minute, 3 * day),
        held: fc.boolean(),
      }),
      { maxLength: 25, size: 'max' },
    ),
  })
  .map(({ escalations, events, ...lead }) => {
    const moments = escalations.filter(at => at > lead.createdAt).toSorted((a, b) => a - b);
    return aHistory({
      ...lead,
      escalations: moments.map((at, index) => {
        const next = moments[index + 1];
        const endedAt = next === undefined ? null : instant((at + next) / 2);
        return { at, endedAt, grade: 'B', cause: 'crossing' };
      }),
      events: events.map(({ what: [kind, subject], at, late, held }) =>
        anEvent({
          ...{ kind, subject, at, receivedAt: plus(at, late) },
          holdUntil: held && kind === 'click' ? plus(at, late + minute) : null,
        }),
      ),
    });
  });
