import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { workflowBundle } from '../engine/bundle.ts';
import { setUp } from '../intake/set-up.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { postgresUrl, startPostgres } from '../sandbox/servers/postgres.ts';
import { startTemporal } from '../sandbox/servers/temporal.ts';
import { resolveTemporal } from '../sandbox/servers/temporal-binary.ts';
import { removeOwnedFolder } from '../sandbox/servers/unprivileged.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/schema-engine.ts';
import { instant } from '../domain/instant.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database that is migrated and set up; tests copy it and leave it as it is. */
    templateUrl: string;
    temporalAddress: string;
    /** How many leads cross at once in `test/workflows/rush.test.ts`; from the configuration. */
    rush: number;
  }
}

/** One PostgreSQL and one Temporal for the whole run; each test file has a database and a namespace of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
  const [postgresPort = 0, temporalPort = 0] = await freePorts(2);
  const options = { folder, port: postgresPort, password: 'test', throwAway: true };
  const [postgres, temporal] = await Promise.all([
    startPostgres(options),
    resolveTemporal(line => process.stderr.write(`${line}\n`)).then(binary =>
      startTemporal(binary, { folder, port: temporalPort, uiPort: null, throwAway: true }),
    ),
    workflowBundle(),
  ]);
  const templateUrl = postgresUrl(options);
  await migrate(templateUrl);
  const database = openDatabase(templateUrl, 1);
  const sources = { agreement: 'agreement', templates: 'templates' };
  await setUp(database, sources, instant(Date.parse('2026-01-01T00:00:00Z')));
  await database.close();
  project.provide('templateUrl', templateUrl);
  project.provide('temporalAddress', `127.0.0.1:${temporalPort}`);
  return async () => {
    await temporal.stop();
    await postgres.stop();
    await removeOwnedFolder(join(folder, 'postgres'));
    await removeOwnedFolder(folder);
  };
}
