import { mergeAccounts, readAccount, type AccountRow } from '../domain/account/account.ts';
import { readAccountHeadings } from '../domain/account/headings.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { namedPeople, saveAccounts } from '../store/account.ts';
import type { Database } from '../store/database.ts';
import {
  dryOrNot,
  importRows,
  openFile,
  type FileOptions,
  type FileReport,
} from './import-file.ts';

export interface AccountsResult extends FileReport {
  new: number;
  updated: number;
  unchanged: number;
  /** Rows of the same account, which became one with one near them. */
  repeated: number;
  /** Leads that have something unseen, because their account is something else to us, or with somebody else. */
  touched: number;
  /** Those among them that nobody was told of yet. */
  toNudge: LeadId[];
}

/**
 * Imports from a CSV file what companies are to us and who owns them, in bounded memory. What a file does not say
 * stays, and the same file again changes nothing.
 * @throws ImportError
 */
export async function importAccounts(
  database: Database,
  options: FileOptions,
  at: Instant,
): Promise<AccountsResult> {
  const file = await openFile(options.path);
  return dryOrNot(database, options.dryRun, async (session, inBatch) => {
    const people = await namedPeople(session);
    const counts = { new: 0, updated: 0, unchanged: 0, repeated: 0, touched: 0 };
    const toNudge: LeadId[] = [];
    const store = async (given: readonly AccountRow[]) => {
      const rows = mergeAccounts(given);
      const saved = await inBatch(inner => saveAccounts(inner, rows, at));
      for (const effect of saved.effects.values()) counts[effect] += 1;
      counts.repeated += given.length - rows.length;
      counts.touched += saved.touched;
      toNudge.push(...saved.toNudge);
      return given.map(() => null);
    };
    const report = await importRows(file, options, {
      columns: readAccountHeadings,
      read: values => readAccount(values, people),
      store,
    });
    return { ...report, ...counts, toNudge };
  });
}
