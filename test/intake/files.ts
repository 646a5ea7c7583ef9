import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import type { Database } from '../../store/database.ts';
import { openSource, upsertLeads } from '../../store/lead.ts';
import { address } from '../program.ts';

/** The moment of imports in tests. */
export const now = instant(Date.parse('2026-03-02T08:00:00Z'));

/** A folder for files that are imported. */
export async function createFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-files-'));
  let made = 0;
  return {
    folder,
    write: async (content: string | Buffer): Promise<string> => {
      made += 1;
      const path = join(folder, `${made}.csv`);
      await writeFile(path, content);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Leads with these addresses, seen already by a turn, so that news of them is to be looked at. */
export async function leadsAt(
  database: Database,
  addresses: readonly string[],
  fields: Partial<LeadFields> = {},
): Promise<LeadId[]> {
  const source = await openSource(database, 'test', null, now);
  const rows = addresses.map(text => ({
    address: address(text),
    fields: { ...noFields, ...fields },
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
  }));
  const leads: LeadId[] = [];
  for (let n = 0; n < rows.length; n += 1_000)
    for (const { id } of await upsertLeads(database, rows.slice(n, n + 1_000), source, now))
      leads.push(id);
  await database.lead.updateMany({ where: { seenRevision: 0 }, data: { seenRevision: 1 } });
  return leads;
}
