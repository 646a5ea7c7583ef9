import { minute, plus, type Instant } from '../../domain/instant.ts';
import type { StoredMail } from '../sendgrid/outbox.ts';
import { chanceOf } from './chance.ts';
import type { Deed, World } from './deed.ts';
import type { RepPersona } from './schema.ts';

/** A rep of a rehearsal, who knows of a lead what the mail and the page say. */
export class RepPerson {
  readonly #persona: RepPersona;
  readonly #address: string;
  readonly #seed: number;
  #leads = 0;
  #rejected = 0;

  constructor(persona: RepPersona, address: string, seed: number) {
    this.#persona = persona;
    this.#address = address;
    this.#seed = seed;
  }

  /** What follows from the mail that hands over a lead. */
  receives(mail: StoredMail, at: Instant): Deed[] {
    const { answers } = this.#persona;
    const url = /https?:\/\/[^\s"<>]+\/e\/[^\s"<>]+/.exec(mail.html ?? '')?.[0];
    if (url === undefined || answers === 'never') return [];
    this.#leads += 1;
    const isAccepted = chanceOf(this.#seed, this.#address, String(this.#leads)).chance(
      this.#persona.accepts,
    );
    if (answers !== 'at the last moment')
      return [this.#answer(plus(at, answers.afterMs), url, isAccepted)];
    return [
      {
        at: plus(at, minute),
        who: this.#address,
        what: 'looks when the answer is due',
        isQuiet: false,
        act: async ({ open }) => {
          const due = dueOf(await open(url));
          return due === null ? [] : [this.#answer(plus(due, -minute), url, isAccepted)];
        },
      },
    ];
  }

  #answer(at: Instant, url: string, isAccepted: boolean): Deed {
    return {
      at,
      who: this.#address,
      what: isAccepted ? 'accepts' : 'rejects',
      isQuiet: false,
      act: async ({ submit }: World) => {
        await submit(url, isAccepted ? { answer: 'accepted' } : this.#rejection());
        return [];
      },
    };
  }

  #rejection() {
    const { reasons } = this.#persona;
    this.#rejected += 1;
    return { answer: 'rejected', reason: reasons[(this.#rejected - 1) % reasons.length] ?? '' };
  }
}

/** By when the page says that an answer is due. */
function dueOf(html: string): Instant | null {
  const text = /Answer by<\/dt>\s*<dd>\s*<time datetime="([^"]+)"/.exec(html)?.[1];
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : (at as Instant);
}
