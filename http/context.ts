import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { loadBrand } from '../mail/brand.ts';
import { Links } from '../mail/links.ts';
import type { Database } from '../store/database.ts';
import { Nudger } from './nudger.ts';
import { readPublicKey } from './signature.ts';
import { SparingLog } from './sparing-log.ts';

/** Everything that routes work with. */
export interface HttpContext {
  config: Config;
  database: Database;
  nudger: Nudger;
  links: Links;
  /** Who leads know: the company that mails them. */
  company: string;
  clock: Clock;
  webhookKey: KeyObject;
  log: SparingLog;
}

/** What a server is made of. */
interface HttpParts {
  config: Config;
  database: Database;
  engine: Engine;
  clock: Clock;
  /** The folder that holds `brand/`. */
  templates: string;
  log: Logger;
}

export async function httpContext(parts: HttpParts): Promise<HttpContext> {
  const { config, database, engine, clock, templates, log } = parts;
  return {
    config,
    database,
    nudger: new Nudger(database, engine, clock, log),
    links: new Links(config.http.publicUrl, config.secret),
    company: (await loadBrand(templates)).company,
    clock,
    webhookKey: readPublicKey(config.sendgrid.webhookPublicKey),
    log: new SparingLog(log),
  };
}
