import type { KeyObject } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Clock } from '../engine/clock.ts';
import type { Links } from '../mail/links.ts';
import type { Database } from '../store/database.ts';
import type { Nudger } from './nudger.ts';
import type { SparingLog } from './sparing-log.ts';

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
