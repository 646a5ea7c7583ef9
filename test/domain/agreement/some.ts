import fc from 'fast-check';
import type { Agreement } from '../../../domain/agreement/agreement.ts';
import { grades, type Grade } from '../../../domain/agreement/grade.ts';
import type { Bands } from '../../../domain/agreement/score.ts';
import type { Engagement } from '../../../domain/event/event.ts';
import type { EventId, SendId } from '../../../domain/ids.ts';
import { day, hour, instant, minute, type Instant } from '../../../domain/instant.ts';
import { noFields, type LeadFields } from '../../../domain/lead/fields.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';

/** Names that an agreement may give points to, each with what an event must be to have it. */
export const examples = {
  click: { kind: 'click', subject: 'https://site.example/a' },
  page: { kind: 'page', subject: '/' },
  form: { kind: 'form', subject: 'Newsletter' },
  download: { kind: 'download', subject: 'A paper' },
  webinar: { kind: 'webinar', subject: 'A webinar' },
  'pricing page': { kind: 'page', subject: '/pricing' },
  'careers page': { kind: 'page', subject: '/careers/x' },
  'demo form': { kind: 'form', subject: 'Book a  DEMO' },
  guide: { kind: 'download', subject: 'The guide' },
  'story link': { kind: 'click', subject: 'https://site.example/stories/1' },
} as const satisfies Record<string, Pick<Engagement, 'kind' | 'subject'>>;
type Name = keyof typeof examples;
const names = Object.keys(examples) as Name[];

const described: Agreement['events'] = {
  'pricing page': { kind: 'page', like: ['/pricing*', '/prices*'] },
  'careers page': { kind: 'page', like: ['/careers*'] },
  'demo form': { kind: 'form', like: ['*demo*'] },
  guide: { kind: 'download', like: ['*guide', '*check*list*'] },
  'story link': { kind: 'click', like: ['*/stories/*'] },
};

const points = (from: number) =>
  fc.oneof(
    fc.constantFrom(1, 5, 10, 15, 50).filter(value => value >= from),
    fc.integer({ min: from * 100, max: 6_000 }).map(value => value / 100),
  );

/** Rows and columns never get better to the right or downwards, as in any agreement that makes sense. */
const someMatrix: fc.Arbitrary<Grade[][]> = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 })
  .map(steps =>
    grades.map((_, row) =>
      grades.map((__, column) => {
        const down = steps.slice(0, row + 1).reduce((sum, step) => sum + step, 0);
        const right = steps.slice(4, 5 + column).reduce((sum, step) => sum + step, 0);
        return grades[Math.min(3, Math.floor((down + right) / 2))] ?? 'D';
      }),
    ),
  );

/**
 * Agreements of several groups, with and without caps, short and long windows, points that count against a lead,
 * hands raised, any cuts and hysteresis.
 * @param least the least points that an event may have: negative ones count against a lead
 */
export function someAgreement(least: -100 | 0 = -100): fc.Arbitrary<Agreement> {
  const base = theAgreement();
  const group = fc.record({
    cap: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    window: fc.constantFrom(hour, day, 7 * day, 30 * day, 60 * day, 90 * day),
  });
  return fc
    .record({
      groups: fc.array(group, { minLength: 1, maxLength: 5 }),
      named: fc.array(fc.tuple(fc.nat(4), points(0), fc.boolean()), {
        minLength: names.length,
        maxLength: names.length,
      }),
      against: fc.constantFrom(0, 0, 1, 2),
      raising: fc.subarray(['demo form', 'pricing page', 'click'] as const, { minLength: 1 }),
      fitAtLeast: fc.constantFrom(...grades),
      givesAtLeast: fc.constantFrom('A' as const, 'B' as const),
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 3 }),
      hysteresis: fc.integer({ min: 0, max: 25 }),
      matrix: someMatrix,
      missing: fc.constantFrom(0, 0, 20),
    })
    .map(({ groups, named, against, raising, cuts, ...rest }) => {
      const [high = 75, middle = 50, low = 25] = cuts.toSorted((a, b) => b - a);
      const isNegative = (name: Name, index: number) =>
        least < 0 && (name === 'careers page' || (against > 0 && index % 5 === against));
      const engagement = Object.fromEntries(
        groups.map(({ cap, window }, order) => {
          const mine = names.flatMap((name, index) => {
            const [place = 0, raw = 0, isLeftOut = false] = named[index] ?? [];
            if (place % groups.length !== order) return [];
            // What raises a hand needs points.
            if (isLeftOut && !(raising as readonly string[]).includes(name)) return [];
            return [[name, isNegative(name, index) ? -raw : raw] as const];
          });
          const rule = { window, points: Object.fromEntries(mine) };
          return [`group ${order}`, cap === undefined ? rule : { ...rule, cap }];
        }),
      );
      return {
        ...base,
        events: described,
        engagement,
        fit: { ...base.fit, missing: rest.missing },
        grade: {
          cuts: { high, middle, low },
          hysteresis: rest.hysteresis,
          matrix: rest.matrix,
          hand_raise: {
            events: raising,
            fit_at_least: rest.fitAtLeast,
            gives_at_least: rest.givesAtLeast,
          },
        },
      };
    });
}

const browsers = [null, null, 'Mozilla/5.0 (X11)', 'Barracuda Sentinel', 'Mozilla/5.0 (Windows)'];
const holds = [0, 0, 0, minute, 10 * minute];
const sends = ['send-1', 'send-2', 'send-3', null] as (SendId | null)[];
const kinds = [
  ...Object.values(examples),
  examples.click,
  examples['pricing page'],
  { kind: 'click', subject: 'https://site.example/l/p' },
  { kind: 'click', subject: 'https://site.example/b' },
  { kind: 'delivered', subject: null },
  { kind: 'open', subject: null },
  { kind: 'reply', subject: null },
] as const;

/** Picks the next choice out of one number, which is quicker to make and to shrink than many. */
function picker(seed: number): <Of>(of: readonly Of[]) => Of {
  let rest = seed;
  return of => {
    const index = rest % of.length;
    rest = Math.floor(rest / of.length);
    return of[index] as (typeof of)[number];
  };
}

/** What a lead did within the hundred days before Monday: some of it at once, some held, some by machines. */
export const manyEvents: fc.Arbitrary<Engagement[]> = fc
  .array(
    fc.tuple(fc.nat(kinds.length * 4 * 5 * 5 * 3), fc.integer({ min: 0, max: 100 * 24 * 60 })),
    { maxLength: 25 },
  )
  .map(drawn =>
    drawn.map(([seed, minutes], index) => {
      const pick = picker(seed);
      const { kind, subject } = pick(kinds);
      const sendId = pick(sends);
      const userAgent = kind === 'click' ? pick(browsers) : null;
      const hold = pick(holds);
      // Some things happen within the same second.
      const at = instant(monday - minutes * minute * pick([1, 0.01, 0.0001]));
      return anEvent({
        id: `event-${String(index).padStart(3, '0')}` as EventId,
        ...{ kind, subject, sendId, userAgent },
        at: instant(Math.round(at)),
        holdUntil: hold === 0 ? null : instant(Math.round(at) + hold),
      });
    }),
  );

/** Fields of a lead that fits well, badly, or is hardly known. */
export const manyFields: fc.Arbitrary<LeadFields> = fc.nat(6 * 5 * 6 * 4).map(seed => {
  const pick = picker(seed);
  return {
    ...noFields,
    title: pick([null, 'Plant Manager', 'VP  Operations', 'Shift Lead', 'Engineer', 'Cook']),
    industry: pick([null, 'manufacturing', 'Logistics', 'retail', 'banking']),
    employees: pick([null, 10, 60, 500, 2_001, 0]),
    country: pick([null, 'DE', 'NL', 'US']),
  };
});

export const manyMoments: fc.Arbitrary<Instant> = fc
  .integer({ min: monday - 5 * day, max: monday + 100 * day })
  .map(instant);

export const someBands: fc.Arbitrary<Bands | null> = fc
  .nat(16)
  .map(seed =>
    seed === 16
      ? null
      : { fit: grades[seed % 4] ?? 'D', engagement: (Math.floor(seed / 4) + 1) as 1 | 2 | 3 | 4 },
  );

/** A fresh event of a name: of a mail of its own, so that it is nobody's scanner. */
export function fresh(name: string, at: Instant, n: number): Engagement {
  const example = examples[name as Name];
  return anEvent({
    id: `fresh-${n}` as EventId,
    sendId: `fresh-${n}` as SendId,
    ...example,
    at,
  });
}
