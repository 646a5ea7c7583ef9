import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../engine/namespace.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { postgresUrl, startPostgres, type RunningServer } from '../sandbox/servers/postgres.ts';
import { startTemporal } from '../sandbox/servers/temporal.ts';
import { resolveTemporal } from '../sandbox/servers/temporal-binary.ts';
import { removeOwnedFolder } from '../sandbox/servers/unprivileged.ts';
import {
  openWorkspace,
  workspaceEnvironment,
  type Ports,
  type Workspace,
} from '../sandbox/workspace.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { migrate } from '../store/schema-engine.ts';

/** Servers as `npm start` runs them, in a folder and on ports of their own, migrated and empty. */
export interface Installation {
  workspace: Workspace;
  ports: Ports;
  /** For every process of it. */
  env: Record<string, string>;
  database: Database;
  client: Client;
  /** What runs from the beginning. */
  servers: { postgres: RunningServer; temporal: RunningServer };
  /** Starts a server again that was ended. */
  start: Record<'postgres' | 'temporal', () => Promise<RunningServer>>;
  /** Lets go of both servers, which go on. */
  disconnect: () => Promise<void>;
  /** Removes everything, once both servers are stopped. */
  remove: () => Promise<void>;
}

/** @param name of the workspace, and of the folder as far as it is told by it */
export async function createInstallation(name: string): Promise<Installation> {
  const home = await mkdtemp(join(tmpdir(), `lockstep-${name}-`));
  const workspace = await openWorkspace(home, name);
  const { folder, secrets } = workspace;
  const [http = 0, inbox = 0, postgresPort = 0, temporalPort = 0] = await freePorts(4);
  const ports = { http, inbox, postgres: postgresPort, temporal: temporalPort, temporalUi: 0 };
  const options = { folder, port: postgresPort, password: secrets.databasePassword };
  const binary = await resolveTemporal(line => process.stderr.write(`${line}\n`));
  const start = {
    postgres: () => startPostgres(options),
    temporal: () => startTemporal(binary, { folder, port: temporalPort, uiPort: null }),
  };
  const [postgres, temporal] = await Promise.all([start.postgres(), start.temporal()]);
  const url = postgresUrl(options);
  await migrate(url);
  const database = openDatabase(url, 10);
  const connection = await Connection.connect({ address: `127.0.0.1:${temporalPort}` });
  const client = new Client({ connection });
  await registerSearchAttributes(client);
  return {
    workspace,
    ports,
    env: workspaceEnvironment(workspace, ports, url),
    database,
    client,
    servers: { postgres, temporal },
    start,
    disconnect: async () => {
      await connection.close();
      await database.close();
    },
    remove: async () => {
      await removeOwnedFolder(join(folder, 'postgres'));
      await removeOwnedFolder(home);
    },
  };
}
