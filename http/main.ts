import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import { realClock } from '../engine/clock.ts';
import { connectClient } from '../engine/connect.ts';
import { Engine } from '../engine/engine.ts';
import { untilToldToStop } from '../lifecycle.ts';
import { createLog } from '../log.ts';
import { loadBrand } from '../mail/brand.ts';
import { Links } from '../mail/links.ts';
import { openDatabase } from '../store/database.ts';
import { Nudger } from './nudger.ts';
import { createServer } from './server.ts';
import { readPublicKey } from './signature.ts';

const templates = join(fileURLToPath(new URL('..', import.meta.url)), 'templates');

/** The HTTP process: pages and webhooks. */
const config = readConfig();
const log = createLog('http', config);
const database = openDatabase(config.databaseUrl, 20);
const client = await connectClient(config);
const nudger = new Nudger(database, new Engine(client), realClock, log);
const server = await createServer({
  config,
  database,
  nudger,
  links: new Links(config.http.publicUrl, config.secret),
  company: (await loadBrand(templates)).company,
  clock: realClock,
  webhookKey: readPublicKey(config.sendgrid.webhookPublicKey),
  log,
});
await server.listen({ host: config.http.host, port: config.http.port });
untilToldToStop(async () => {
  await server.close();
  await nudger.drain();
  await client.connection.close();
  await database.close();
});
