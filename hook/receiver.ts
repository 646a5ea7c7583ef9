import { lookup as lookUp } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { HookId } from '../domain/ids.ts';
import { second, type Instant } from '../domain/instant.ts';
import { failureCode, PrivateAddressError } from './failure-code.ts';
import { isPrivate } from './private-address.ts';

/** Where transitions are told. */
export interface Receiver {
  url: string;
  /** As Standard Webhooks writes it: `whsec_` and base64. */
  secret: string;
  /** Whether it may be on this machine or in a private network. */
  mayBePrivate: boolean;
}

/** What became of an attempt. */
export type HookAnswer =
  | { kind: 'taken' }
  /** It wants to hear of it never again. */
  | { kind: 'gone' }
  /** It did not take it, and may later. The code holds nothing of what it said. */
  | { kind: 'failed'; code: string };

/** The whole of an attempt takes no longer than this, in milliseconds: well within an activity's. */
const limitMs = 10 * second;

/** So much of an answer is read, in bytes; nobody looks at it, but a receiver likes to finish its sentence. */
const mostRead = 64 * 1024;

/** So many attempts at once leave enough room for mails and turns, however slow a receiver is. */
const mostAtOnce = 16;

/** Posts to the receiver, signed by the Standard Webhooks specification. */
export class HookGateway {
  readonly #url: URL;
  readonly #webhook: Webhook;
  readonly #mayBePrivate: boolean;
  readonly #limitMs: number;
  #underWay = 0;

  /** @param within how long an attempt may take, in milliseconds */
  constructor({ url, secret, mayBePrivate }: Receiver, within = limitMs) {
    this.#url = new URL(url);
    this.#webhook = new Webhook(secret);
    this.#mayBePrivate = mayBePrivate;
    this.#limitMs = within;
  }

  /** Whether another attempt may be made just now. */
  get hasRoom(): boolean {
    return this.#underWay < mostAtOnce;
  }

  /**
   * Makes one attempt to tell. Never throws for what the other side did: that is the answer.
   * @param at the present, in real time: a receiver refuses what is old
   */
  async post(id: HookId, payload: object, at: Instant): Promise<HookAnswer> {
    this.#underWay += 1;
    try {
      return answerOf(await this.#statusOf(id, JSON.stringify(payload), at));
    } catch (error) {
      return { kind: 'failed', code: failureCode(error) };
    } finally {
      this.#underWay -= 1;
    }
  }

  async #statusOf(id: HookId, body: string, at: Instant): Promise<number> {
    const url = this.#url;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    // An address that is written out is not looked up, and so not seen by what looks up names.
    if (!this.#mayBePrivate && isIP(host) !== 0 && isPrivate(host)) throw new PrivateAddressError();
    const signal = AbortSignal.timeout(this.#limitMs);
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      // A connection of its own, so that each is made to an address that was looked at.
      agent: false,
      ...(this.#mayBePrivate ? {} : { lookup: publicOnly }),
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Lockstep',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / second)),
        'webhook-signature': this.#webhook.sign(id, new Date(at), body),
      },
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // What fails after the answer has begun changes nothing about it.
      request.on('response', resolve).on('error', reject).end(body);
    });
    await readSome(response);
    return response.statusCode ?? 0;
  }
}

/** Reads an answer as far as anybody would, and cuts off the rest. */
async function readSome(response: IncomingMessage): Promise<void> {
  let read = 0;
  try {
    // Leaving the loop ends the connection.
    for await (const part of response) {
      read += (part as Buffer).length;
      if (read >= mostRead) return;
    }
  } catch {
    // Its status has been heard.
  }
}

function answerOf(status: number): HookAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 410) return { kind: 'gone' };
  // To follow would post a lead to whomever the receiver names.
  if (status >= 300 && status < 400) return { kind: 'failed', code: 'redirect' };
  return { kind: 'failed', code: `status ${status}` };
}

/**
 * Looks a name up as ever, and refuses it when any of its addresses is private. The connection is made to what was
 * looked at here, so a name that has another address the next time gains nothing.
 */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '', 0);
      return;
    }
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => isPrivate(address)))
      callback(new PrivateAddressError(), '', 0);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
