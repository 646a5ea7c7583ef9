import { Calibrator, type Calibration } from '../domain/agreement/calibrate.ts';
import type { Target } from '../domain/agreement/calibrate/case.ts';
import { instant, type Instant } from '../domain/instant.ts';
import { activeAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { historyExtent, leadHistories } from '../store/lead-histories.ts';
import { NoHistoryError } from './forecast.ts';

/**
 * What outcomes up to a moment say about the agreement in force. Reads, and changes nothing.
 * @throws NoHistoryError
 */
export async function calibrate(
  database: Database,
  target: Target,
  at: Instant,
): Promise<Calibration> {
  const active = await activeAgreement(database);
  if (active === null) throw new NoHistoryError('No agreement is in force yet.');
  const beginning = instant(0);
  const { timeline } = await historyExtent(database, beginning, at);
  const calibrator = new Calibrator(active, target, at, timeline);
  const scope = { eventsSince: beginning, to: at, timeline, judged: true };
  for await (const page of leadHistories(database, scope))
    for (const lead of page) calibrator.add(lead);
  return calibrator.result();
}
