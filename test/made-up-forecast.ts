import type { Agreement } from '../domain/agreement/agreement.ts';
import { Forecaster, type Forecast } from '../domain/agreement/forecast.ts';
import { replay } from '../domain/agreement/replay.ts';
import { Evidence } from '../domain/agreement/replay/evidence.ts';
import type { KnownOutcome, LeadHistory } from '../domain/agreement/replay/history.ts';
import { rulerOf } from '../domain/agreement/replay/ruler.ts';
import { day, hour, plus, type Instant } from '../domain/instant.ts';
import { Random } from '../domain/random.ts';
import { aHistory, anOutcome } from './domain/agreement/histories.ts';
import { anEvent, monday, theAgreement } from './domain/facts.ts';

/** A draft that thinks more of the pricing page and of webinars, and less of downloads. */
function aDraft(): Agreement {
  const draft = structuredClone(theAgreement());
  const { web, content } = draft.engagement;
  if (web === undefined || content === undefined) throw new Error('A group has gone.');
  Object.assign(web, { cap: 40, points: { ...web.points, 'pricing page': 15 } });
  content.points = { ...content.points, 'webinar attended': 20, guide: 6, download: 4 };
  draft.grade.hysteresis = 3;
  return draft;
}

/** Ninety days of so many made-up leads, as the agreement of this repository and a draft see them. */
export function aForecast(
  leads: number,
  { capacity = 14, days = 90 }: { capacity?: number | null; days?: number } = {},
): Forecast {
  const random = new Random(11);
  const active = theAgreement();
  const from = plus(monday, -days * day);
  const period = { since: plus(from, -60 * day), to: monday, timeline: 'received' } as const;
  const forecaster = new Forecaster({
    ...{ active: { version: 3, agreement: active }, timeline: 'received', leads, capacity },
    ...{ draft: { name: 'drafts/agreement.yaml', agreement: aDraft() }, from, to: monday },
    sample: 5_000,
  });
  const ruler = rulerOf(active);
  for (let n = 0; n < leads; n++) {
    const lead = aLead(random);
    const evidence = new Evidence(ruler, lead, 'received');
    const [first] = replay(lead, evidence, period)?.escalations ?? [];
    const escalations = first === undefined ? [] : [{ ...first, endedAt: null }];
    forecaster.add({ ...lead, escalations, outcomes: answersOf(random, first?.at ?? null) });
  }
  return forecaster.result();
}

function aLead(random: Random): LeadHistory {
  const visits = Array.from({ length: random.below(9) }, () => {
    const at = plus(monday, -random.below(140 * 24) * hour);
    const [kind, subject] = random.pick([
      ['page', '/pricing'],
      ['page', '/pricing/plans'],
      ['page', '/product'],
      ['download', 'A guide'],
      ['webinar', 'A webinar'],
      ['click', 'https://a.example/1'],
    ] as const);
    return anEvent({ kind, subject, at, receivedAt: at });
  });
  return aHistory({
    createdAt: plus(monday, -(100 + random.below(60)) * day),
    fields: {
      title: random.pick(['Plant Manager', 'Sales Director', 'Shift Manager', null]),
      industry: random.pick(['manufacturing', 'retail', null]),
      employees: random.pick([500, 60, 5_000]),
      country: random.pick(['DE', 'NL', 'US']),
    },
    events: visits,
  });
}

function answersOf(random: Random, at: Instant | null): KnownOutcome[] {
  const answered = at ?? plus(monday, -random.below(60) * day);
  if (!random.chance(at === null ? 0.05 : 0.7)) return [];
  return [anOutcome(random.chance(0.6) ? 'accepted' : 'rejected', plus(answered, day))];
}
