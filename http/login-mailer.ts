import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { workingWeek } from '../domain/escalation/due.ts';
import { day, plus } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import type { Clock } from '../engine/clock.ts';
import type { MailGateway } from '../mail/gateway.ts';
import { loginLinkMs, sessionMs, type Links } from '../mail/links.ts';
import type { LoginMail } from '../mail/login-mail.ts';
import { activeAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { askToLogIn } from '../store/login.ts';
import { isSuppressed } from '../store/suppression.ts';
import type { SparingLog } from './sparing-log.ts';

/** What mails with links are made and sent with. */
export interface Post {
  gateway: Pick<MailGateway, 'send'>;
  loginMail: LoginMail;
}

interface Parts {
  database: Database;
  links: Links;
  clock: Clock;
  log: SparingLog;
  /** Asked for when somebody asks for a mail: it takes a second to load, which no other page needs. */
  post: () => Promise<Post>;
}

/** Mails that are made at once, and that wait for it; whoever asks beyond that is not heard. */
const width = 2;
const mostWaiting = 200;

/**
 * Mails links to log in with. It does so after whoever asked was answered, so that neither the answer nor how long it
 * takes tells whose addresses are known.
 */
export class LoginMailer {
  readonly #parts: Parts;
  readonly #inTurn = pLimit(width);
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Mails a link to whoever has the address, if anybody does. */
  ask(address: Address): void {
    const { log } = this.#parts;
    if (this.#underWay.size >= mostWaiting) {
      log.say('warn', {}, 'too many asked to log in at once');
      return;
    }
    const work = this.#inTurn(() => this.#mail(address))
      .catch((error: unknown) => {
        const name = error instanceof Error ? error.name : 'unknown';
        log.say('error', { error: name }, 'a link to log in with could not be mailed');
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Waits until all who asked were mailed. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Waits the same way, but not for longer than that many milliseconds: whoever gets no mail asks again. */
  async drainWithin(milliseconds: number): Promise<void> {
    await Promise.race([this.drain(), sleep(milliseconds, undefined, { ref: false })]);
  }

  async #mail(address: Address): Promise<void> {
    const { database, links, clock, log, post } = this.#parts;
    // Before it is known whether anybody has the address, so that it is loaded for everybody or nobody.
    const { gateway, loginMail } = await post();
    const at = clock.now();
    const limits = { sinceMs: loginLinkMs, keptMs: sessionMs + day };
    const asked = await askToLogIn(database, address, limits, at);
    if (asked === null) return;
    const { id: person, name, country, login } = asked;
    if (login === null) return log.say('warn', { person }, 'somebody was mailed enough links');
    if (await isSuppressed(database, address))
      return log.say('warn', { person }, 'the address of somebody who logs in is suppressed');
    const stored = await activeAgreement(database);
    const zone = stored === null ? 'utc' : workingWeek(stored.agreement, country).zone;
    const notice = {
      name,
      address,
      link: links.login(login, at),
      until: plus(at, loginLinkMs),
      zone,
    };
    const answer = await gateway.send(loginMail.make(notice));
    if (answer.kind !== 'accepted')
      log.say('warn', { person, answer: answer.kind }, 'a link to log in with did not go out');
  }
}
