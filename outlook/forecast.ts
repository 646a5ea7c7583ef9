import type { Agreement } from '../domain/agreement/agreement.ts';
import { Forecaster, type Forecast } from '../domain/agreement/forecast.ts';
import { day, plus, type Instant } from '../domain/instant.ts';
import { activeAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { historyExtent, leadHistories } from '../store/lead-histories.ts';
import { activePeople } from '../store/person.ts';

/** How far back is looked, where nobody says. */
const usualDays = 90;
/** Leads among which the threshold and each rule alone are tried: enough for a percent, in seconds. */
const sample = 5_000;

/** There is nothing to look back on. */
export class NoHistoryError extends Error {
  override readonly name = 'NoHistoryError';
}

export interface ForecastRequest {
  draft: Agreement;
  /** What the draft is called. */
  name: string;
  /** Null for ninety days before the end, or for the beginning of what there is. */
  from: Instant | null;
  to: Instant;
  onProgress: (done: number, total: number) => void;
}

/**
 * What a draft would have meant for the leads of this installation, beside the version in force. Reads, and
 * changes nothing.
 * @throws NoHistoryError
 */
export async function forecast(
  database: Database,
  { draft, name, from: asked, to, onProgress }: ForecastRequest,
): Promise<Forecast> {
  const active = await activeAgreement(database);
  if (active === null) throw new NoHistoryError('No agreement is in force yet.');
  const earliest = asked ?? plus(to, -usualDays * day);
  const extent = await historyExtent(database, earliest, to);
  if (extent.since === null || extent.since >= to)
    throw new NoHistoryError(
      'There are no leads to look back on: bring some in with `npx lockstep leads import`.',
    );
  const from = Math.max(earliest, extent.since) as Instant;
  const { leads, timeline } = extent;
  const forecaster = new Forecaster({
    ...{ active, draft: { name, agreement: draft }, from, to, timeline, sample, leads },
    capacity: weeklyCapacity(await activePeople(database), draft),
  });
  const { eventsSince } = forecaster;
  let done = 0;
  for await (const page of leadHistories(database, { eventsSince, to, timeline })) {
    for (const lead of page) forecaster.add(lead);
    done += page.length;
    onProgress(done, leads);
  }
  return forecaster.result();
}

/**
 * Escalations that all reps can take in a week, each what is agreed with them or else with all; null when one has no
 * limit, or there is no rep.
 */
function weeklyCapacity(
  people: readonly { role: string; capacity: number | null }[],
  { routing }: Agreement,
): number | null {
  const reps = people.filter(({ role }) => role === 'rep');
  if (reps.length === 0) return null;
  return reps.reduce<number | null>((sum, { capacity: own }) => {
    const capacity = own ?? routing?.capacity_per_rep ?? null;
    return sum === null || capacity === null ? null : sum + capacity;
  }, 0);
}
