import { createHash, randomBytes } from 'node:crypto';
import { hour, minute, plus, type Instant } from '../../domain/instant.ts';
import { Random } from '../../domain/random.ts';
import type { WebhookEvent } from './event.ts';
import { faultNames, faultsSchema, noFaults, type Faults, type SomeFaults } from './faults.ts';

/** Of these, at most one strikes a call. */
const callFaults = [
  'limits',
  'errors',
  'lateErrors',
  'timeouts',
  'resets',
  'lateResets',
  'proxy',
] as const;

/** What becomes of a call of the API. */
export interface CallFate {
  trouble: (typeof callFaults)[number] | null;
  /** Whether the mail was taken before a proxy failed. */
  isTaken: boolean;
  /** The status of a server's fault. */
  status: 500 | 503;
  /** Whether the mail's events come before the answer. */
  isEarly: boolean;
}

/** One telling of an event; there may be several. */
export interface Telling {
  event: WebhookEvent;
  /** Not before then; null for at once. */
  due: Instant | null;
  /** The message whose next event may come first, and then brings this one along; null when none may. */
  behind: string | null;
}

/**
 * Decides what goes wrong. Each draw is of the seed, of what it is about, and of how many times that was so
 * before: whatever else happens, and in whichever order, the same program meets the same faults.
 */
export class Misfortune {
  #faults: Faults = noFaults;
  #isQuiet = true;
  readonly #times = new Map<string, number>();

  get faults(): Faults {
    return this.#faults;
  }

  /** From now on these, counted from the beginning. */
  set faults(given: SomeFaults) {
    this.#faults = faultsSchema.parse(given);
    this.#isQuiet = faultNames.every(name => this.#faults[name] === 0);
    this.#times.clear();
  }

  /**
   * @param address the recipient
   * @param step as `custom_args.step` names it
   */
  call(address: string, step: string): CallFate {
    if (this.#isQuiet) return { trouble: null, isTaken: true, status: 500, isEarly: false };
    const draw = this.#draw('call', address, step);
    const struck = callFaults.filter(name => draw.chance(this.#faults[name]));
    const isTaken = draw.chance(0.5);
    const status = draw.pick([500, 503] as const);
    const isEarly = draw.chance(this.#faults.early);
    return { trouble: struck.length === 0 ? null : draw.pick(struck), isTaken, status, isEarly };
  }

  /** How often, when and in which form an event that happens now is told. */
  tellings(event: WebhookEvent, now: Instant): Telling[] {
    if (this.#isQuiet) return [{ event, due: null, behind: null }];
    const { step, sg_message_id: message, url_offset: offset } = event;
    const draw = this.#draw('event', event.email, step, event.event, offset);
    const delayed = draw.chance(this.#faults.delays);
    const lateness = Math.round(draw.next() * this.#faults.delayHours * hour);
    const overtaken = draw.chance(this.#faults.reordering);
    const isNameless = draw.chance(this.#faults.nameless);
    const first: Telling = {
      event: isNameless ? withoutName(event) : event,
      due: delayed ? plus(now, lateness) : overtaken ? plus(now, minute) : null,
      behind: overtaken && !delayed ? String(message) : null,
    };
    const again = (copy: WebhookEvent): Telling => ({
      event: copy,
      due: draw.chance(0.5) ? first.due : plus(first.due ?? now, draw.below(minute)),
      behind: null,
    });
    const tellings = [first];
    if (draw.chance(this.#faults.duplicates)) tellings.push(again(first.event));
    if (draw.chance(this.#faults.renamed)) {
      const id = randomBytes(16).toString('base64url');
      tellings.push(again({ ...first.event, sg_event_id: id }));
    }
    return tellings;
  }

  #draw(...about: unknown[]): Random {
    const key = JSON.stringify(about);
    const times = this.#times.get(key) ?? 0;
    this.#times.set(key, times + 1);
    const hash = createHash('sha256').update(`${this.#faults.seed} ${times} ${key}`).digest();
    return new Random(hash.readUInt32LE());
  }
}

function withoutName(event: WebhookEvent): WebhookEvent {
  const nameless = { ...event };
  delete nameless.sg_message_id;
  return nameless;
}
