import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { nativeTuning } from './tuning.ts';

/** Where all workflows and activities are queued. */
export const taskQueue = 'lockstep';

function connectOptions({ temporal: { env, namespace } }: Config) {
  const defined = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const { connectionOptions } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(defined),
  });
  return { connectionOptions, namespace };
}

/** Connects as a client: to start, signal and list workflows. */
export async function connectClient(config: Config): Promise<Client> {
  const { connectionOptions, namespace } = connectOptions(config);
  return new Client({ connection: await Connection.connect(connectionOptions), namespace });
}

/**
 * Connects as a worker, which runs workflows and starts others over one connection: the worker's own costs half
 * of what a client's does.
 */
export async function connectWorker(
  config: Config,
): Promise<{ connection: NativeConnection; client: Client }> {
  const { connectionOptions, namespace } = connectOptions(config);
  const connection = await NativeConnection.connect({ ...connectionOptions, ...nativeTuning });
  return { connection, client: new Client({ connection, namespace }) };
}
