import { DateTime } from 'luxon';
import { day, hour, minute, plus, type Instant } from '../../domain/instant.ts';
import type { StoredMail } from '../sendgrid/outbox.ts';
import { chanceOf } from './chance.ts';
import type { Deed, World } from './deed.ts';
import type { RepPersona } from './schema.ts';

/** How long a rep takes after accepting until they talked, until they know more, and until it is decided. */
const pace = { contact: hour, qualify: 5 * day, decide: 20 * day };
/** Attempts before a lead counts as unreachable anywhere. */
const attempts = 4;
/** When leads that have no time now ask to be called again. */
const laterDays = 45;

/** A rep of a rehearsal, who knows of a lead what the mail and the page say. */
export class RepPerson {
  readonly #persona: RepPersona;
  readonly #address: string;
  readonly #seed: number;
  /** Addresses of the leads that they were given, the last one at the end. */
  readonly #known: string[] = [];
  #leads = 0;
  #tasks = 0;
  #rejected = 0;

  constructor(persona: RepPersona, address: string, seed: number) {
    this.#persona = persona;
    this.#address = address;
    this.#seed = seed;
  }

  /** What follows from the mail that hands over a lead, or asks for something; others of the house are read and left. */
  receives(mail: StoredMail, at: Instant): Deed[] {
    const { answers } = this.#persona;
    if (mail.customArgs.task_id !== undefined) return this.#isAsked(mail, at);
    // Not that of another lead, which this one may join.
    const url = /(https?:\/\/[^\s"<>]+\/e\/[^\s"<>#]+)#accept/.exec(mail.html ?? '')?.[1];
    const handsOver = mail.customArgs.assignment_id !== undefined;
    if (url === undefined || !handsOver || answers === 'never') return [];
    this.#leads += 1;
    const lead = /mailto:([^"?<>\s]+)/.exec(mail.html ?? '')?.[1] ?? null;
    const others = this.#known.filter(address => address !== lead);
    if (lead !== null) this.#known.push(lead);
    const chance = chanceOf(this.#seed, this.#address, String(this.#leads));
    const plan = {
      lead,
      // Nobody is a duplicate of a lead that one does not know.
      other: others.at(-1) ?? null,
      isAccepted: chance.chance(this.#persona.accepts),
      isQualified: chance.chance(this.#persona.qualifies),
      isWon: chance.chance(this.#persona.wins),
    };
    if (answers !== 'at the last moment')
      return [this.#answer(plus(at, answers.afterMs), url, plan)];
    return [
      {
        ...{ at: plus(at, minute), who: this.#address, what: 'looks when the answer is due' },
        isQuiet: false,
        act: async ({ open }) => {
          const due = dueOf(await open(url));
          return due === null ? [] : [this.#answer(plus(due, -minute), url, plan)];
        },
      },
    ];
  }

  /** What a sequence asks for they do as willingly as they accept leads; else they skip it. */
  #isAsked(mail: StoredMail, at: Instant): Deed[] {
    const { answers, accepts } = this.#persona;
    const url = /https?:\/\/[^\s"<>]+\/t\/[^\s"<>]+/.exec(mail.html ?? '')?.[0];
    if (url === undefined || answers === 'never') return [];
    this.#tasks += 1;
    const chance = chanceOf(this.#seed, this.#address, 'task', String(this.#tasks));
    const when = plus(at, answers === 'at the last moment' ? day : answers.afterMs);
    return chance.chance(accepts)
      ? [this.#say(when, url, 'does a task', { said: 'done', remark: 'we talked' })]
      : [this.#say(when, url, 'skips a task', { said: 'skipped' })];
  }

  #answer(at: Instant, url: string, plan: Plan): Deed {
    return plan.isAccepted
      ? this.#say(at, url, 'accepts', { answer: 'accepted' }, () => [
          this.#contact(plus(at, pace.contact), url, plan),
        ])
      : this.#reject(at, url, plan);
  }

  #contact(at: Instant, url: string, { isQualified, isWon }: Plan): Deed {
    const lost = { answer: 'lost', reason: 'no budget this year' };
    const known = plus(at, pace.qualify);
    const decided = plus(known, pace.decide);
    return this.#say(at, url, 'contacts', { answer: 'contacted', note: 'we talked' }, () => [
      isQualified
        ? this.#say(known, url, 'qualifies', { answer: 'qualified' }, () => [
            isWon
              ? this.#say(decided, url, 'wins', { answer: 'won', amount: '12,000 EUR' })
              : this.#say(decided, url, 'loses', { ...lost, reason: 'chose another' }),
          ])
        : this.#say(known, url, 'loses', lost),
    ]);
  }

  #reject(at: Instant, url: string, plan: Plan): Deed {
    const reason = this.#nextReason(plan);
    const date = DateTime.fromMillis(at).plus({ days: laterDays }).toFormat('yyyy-MM-dd');
    const about = reason === 'duplicate' ? plan.other : colleagueOf(plan.lead, this.#rejected);
    return {
      ...{ at, who: this.#address, what: 'rejects', isQuiet: false },
      act: async ({ submit }: World) => {
        for (let n = 0; reason === 'unreachable' && n < attempts; n++)
          await submit(url, { answer: 'attempt', attempt: 'call' });
        await submit(url, { answer: 'rejected', reason, date, about: about ?? '' });
        return [];
      },
    };
  }

  #nextReason({ other }: Plan): string {
    const reasons = this.#persona.reasons.filter(
      reason => reason !== 'duplicate' || other !== null,
    );
    this.#rejected += 1;
    return reasons[(this.#rejected - 1) % reasons.length] ?? '';
  }

  #say(
    at: Instant,
    url: string,
    what: string,
    fields: Readonly<Record<string, string>>,
    then: () => Deed[] = () => [],
  ): Deed {
    return {
      ...{ at, who: this.#address, what, isQuiet: false },
      act: async ({ submit }: World) => {
        await submit(url, fields);
        return then();
      },
    };
  }
}

/** What becomes of a lead that a rep is given. */
interface Plan {
  /** Its address, and that of another lead that the rep was given before. */
  lead: string | null;
  other: string | null;
  isAccepted: boolean;
  isQualified: boolean;
  isWon: boolean;
}

/** Whom the lead names when it is not the right person: somebody at the same company. */
function colleagueOf(lead: string | null, n: number): string | null {
  const domain = lead?.split('@')[1];
  return domain === undefined ? null : `right-person-${n}@${domain}`;
}

/** By when the page says that an answer is due. */
function dueOf(html: string): Instant | null {
  const text = /Answer by<\/dt>\s*<dd>\s*<time datetime="([^"]+)"/.exec(html)?.[1];
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : (at as Instant);
}
