import { readConfig } from '../../../config.ts';
import { instant } from '../../../domain/instant.ts';
import { connectClient } from '../../../engine/connect.ts';
import { Engine } from '../../../engine/engine.ts';
import { importLeads } from '../../../intake/import-leads.ts';
import { untilToldToStop } from '../../../lifecycle.ts';
import { activeAgreement } from '../../../store/agreement.ts';
import { openDatabase } from '../../../store/database.ts';
import { watch } from './watch.ts';

/** What it is told to import, and what it says when that is done, or was cut off. */
export type ImportOrder = { path: string };
export type Imported = { path: string; done: boolean };

/** Imports files as the command does, one after the other, with somebody who can hold it at every edge. */
const config = readConfig();
const client = await connectClient(config);
const { database, engine } = watch({
  database: openDatabase(config.databaseUrl, 4),
  engine: new Engine(client),
});

async function bringIn(path: string): Promise<void> {
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('No agreement is active.');
  const options = {
    path,
    source: 'kill',
    cost: null,
    map: [],
    dryRun: false,
    onProgress: () => undefined,
  };
  const { importId } = await importLeads(database, stored.agreement, options, instant(Date.now()));
  await engine.importIntake(importId, { shift: 0 });
}

process.on('message', (order: object) => {
  if (!('path' in order)) return;
  const { path } = order as ImportOrder;
  bringIn(path).then(
    () => process.send?.({ path, done: true } satisfies Imported),
    () => process.send?.({ path, done: false } satisfies Imported),
  );
});
untilToldToStop(async () => {
  await client.connection.close();
  await database.close();
});
