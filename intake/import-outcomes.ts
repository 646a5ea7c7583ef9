import type { Instant } from '../domain/instant.ts';
import { readOutcomeHeadings } from '../domain/outcome/headings.ts';
import { readOutcome, type OutcomeReading, type OutcomeRow } from '../domain/outcome/outcome.ts';
import type { Database } from '../store/database.ts';
import { storeOutcomes } from '../store/outcome.ts';
import { currencies } from './currencies.ts';
import {
  dryOrNot,
  ImportError,
  importRows,
  openFile,
  type FileOptions,
  type FileReport,
} from './import-file.ts';

export interface OutcomesOptions extends FileOptions, Omit<OutcomeReading, 'now' | 'currencies'> {
  /** The system that the file is from; with its ids it tells outcomes again. */
  source: string;
}

export interface OutcomesResult extends FileReport {
  new: number;
  updated: number;
  unchanged: number;
}

/** Why an outcome of an address that is no lead's is not kept. */
export const nobody = 'no lead has this address; bring the leads in first';

/**
 * Imports from a CSV file what became of leads, in bounded memory. The same file again changes nothing; a later one
 * corrects what has the same id.
 * @throws ImportError
 */
export async function importOutcomes(
  database: Database,
  options: OutcomesOptions,
  at: Instant,
): Promise<OutcomesResult> {
  const source = options.source.trim();
  if (source === '') throw new ImportError('Say which system this is from, such as --source crm.');
  const file = await openFile(options.path);
  return dryOrNot(database, options.dryRun, async (_session, inBatch) => {
    const counts = { new: 0, updated: 0, unchanged: 0 };
    const store = async (rows: readonly OutcomeRow[]) => {
      const given = rows.map(row => ({ source, row }));
      const effects = await inBatch(session => storeOutcomes(session, given, at));
      return effects.map(effect => {
        if (effect === 'nobody') return nobody;
        counts[effect] += 1;
        return null;
      });
    };
    const report = await importRows(file, options, {
      columns: readOutcomeHeadings,
      read: values => readOutcome(values, { ...options, currencies, now: at }),
      store,
    });
    return { ...report, ...counts };
  });
}
