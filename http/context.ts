import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { loadBrand } from '../mail/brand.ts';
import type { Talk } from '../domain/escalation/talk.ts';
import { Links } from '../mail/links.ts';
import { loadTalks } from '../mail/sales-folder.ts';
import type { Database } from '../store/database.ts';
import { LoginMailer, type Post } from './login-mailer.ts';
import { Nudger } from './nudger.ts';
import { readPublicKey } from './signature.ts';
import { SparingLog } from './sparing-log.ts';

/** Everything that routes work with. */
export interface HttpContext {
  config: Config;
  database: Database;
  nudger: Nudger;
  links: Links;
  loginMailer: LoginMailer;
  /** Who leads know: the company that mails them. */
  company: string;
  /** What reps may talk about with leads of each segment. */
  talks: readonly Talk[];
  /** The folder that holds `sequences/`. */
  templates: string;
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
  /** The folder that holds `brand/`, `sales/` and `sequences/`. */
  templates: string;
  log: Logger;
}

export async function httpContext(parts: HttpParts): Promise<HttpContext> {
  const { config, database, engine, clock, templates, log } = parts;
  const links = new Links(config.http.publicUrl, config.secret);
  const sparing = new SparingLog(log);
  const post = postOf(config, templates);
  return {
    config,
    database,
    nudger: new Nudger(database, engine, clock, log),
    links,
    loginMailer: new LoginMailer({ database, links, clock, log: sparing, post }),
    company: (await loadBrand(templates)).company,
    talks: await loadTalks(templates),
    templates,
    clock,
    webhookKey: readPublicKey(config.sendgrid.webhookPublicKey),
    log: sparing,
  };
}

/** Loads what mails are made and sent with when it is first asked for; what failed is tried again by the next who asks. */
function postOf({ sendgrid }: Config, templates: string): () => Promise<Post> {
  let loaded: Promise<Post> | null = null;
  const load = async () => {
    const [{ MailGateway }, { LoginMail }] = await Promise.all([
      import('../mail/gateway.ts'),
      import('../mail/login-mail.ts'),
    ]);
    return {
      gateway: new MailGateway(sendgrid.apiKey, sendgrid.baseUrl),
      loginMail: await LoginMail.load(templates),
    };
  };
  return async () => {
    try {
      return await (loaded ??= load());
    } catch (error) {
      loaded = null;
      throw error;
    }
  };
}
