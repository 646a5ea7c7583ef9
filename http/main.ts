import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import { realClock } from '../engine/clock.ts';
import { connectClient } from '../engine/connect.ts';
import { Engine } from '../engine/engine.ts';
import { untilToldToStop } from '../lifecycle.ts';
import { createLog } from '../log.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { httpContext } from './context.ts';
import { createServer } from './server.ts';

const templates = join(fileURLToPath(new URL('..', import.meta.url)), 'templates');

/**
 * A connection that nobody gives, or a statement that nobody answers, because the network lost the database, must
 * not hold those who wait for ever; their requests have been answered with 503 by then.
 */
const patience = { connectionMs: 10_000, answerMs: 60_000 };
/** How long nudges may take to go out when the process stops, in milliseconds. */
const nudgesMs = 5_000;

/** What routes act on. */
interface Outside {
  database: Database;
  engine: Engine;
}

/**
 * The HTTP process: pages and webhooks.
 * @param through what everything it does goes through; tests watch it there
 */
export async function runHttp(
  through: (outside: Outside) => Outside = outside => outside,
): Promise<void> {
  const config = readConfig();
  const log = createLog('http', config);
  const client = await connectClient(config);
  const { database, engine } = through({
    database: openDatabase(config.databaseUrl, 20, patience),
    engine: new Engine(client),
  });
  const parts = { config, database, engine, clock: realClock, templates, log };
  const context = await httpContext(parts);
  const { nudger } = context;
  const server = await createServer(context);
  await server.listen({ host: config.http.host, port: config.http.port });
  untilToldToStop(async () => {
    await server.close();
    await nudger.drainWithin(nudgesMs);
    await client.connection.close();
    await database.close();
  }, log);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runHttp();
