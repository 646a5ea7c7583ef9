import type { Engagement } from '../../event/event.ts';
import type { EventId, SendId } from '../../ids.ts';
import { day, plus, type Instant } from '../../instant.ts';
import { Random, seedOf } from '../../random.ts';
import { spreadOf } from '../../calendar/send-window.ts';
import { reactions, type Behavior, type Reaction } from './behavior.ts';

/** Something that a lead does, or that becomes of a mail to it. */
export interface Deed {
  at: Instant;
  what: Reaction | 'own';
  /** What the rules see of it; a bounce, for one, is seen by what follows from it. */
  kind: Engagement['kind'];
  subject: string | null;
  sendId: SendId | null;
}

const week = 7 * day;

/** What a behavior comes to for the lively and for all others, worked out once. */
export class Manners {
  readonly behavior: Behavior;
  readonly #seeds = new Map<string, number>();
  /** What leads do by themselves in a week, by how much has been done when each comes. */
  readonly #own: readonly { upTo: number; kind: Engagement['kind']; subject: string }[];

  constructor(behavior: Behavior) {
    this.behavior = behavior;
    let upTo = 0;
    this.#own = behavior.own.deeds
      .filter(({ perWeek }) => perWeek > 0)
      .map(({ kind, subject, perWeek }) => ({ upTo: (upTo += perWeek), kind, subject }));
  }

  /** A number that stands for a mail, so that what follows it is drawn alone. */
  seedOf(mail: string): number {
    let seed = this.#seeds.get(mail);
    if (seed === undefined) {
      seed = Math.floor(spreadOf(mail) * 2 ** 32);
      this.#seeds.set(mail, seed);
    }
    return seed;
  }

  chance(mail: string, reaction: Reaction, isLively: boolean): number {
    const rate = this.behavior.mails[mail]?.[reaction].rate ?? 0;
    return reaction === 'click' || reaction === 'reply' ? this.#share(rate, isLively) : rate;
  }

  /**
   * The chance of one lead where it is `rate` for all of them together: the lively have as much more as they do
   * more, at most all of it, and the others what is left.
   */
  #share(rate: number, isLively: boolean): number {
    const { share, does } = this.behavior.lively;
    const most = Math.min(1, (rate * does) / share);
    return isLively ? most : Math.max(0, (rate - share * most) / (1 - share));
  }

  /** How much a lead does by itself in a week. */
  pace(isLively: boolean): number {
    const { share, does } = this.behavior.lively;
    const all = this.#own.at(-1)?.upTo ?? 0;
    return all * (isLively ? does / share : (1 - does) / (1 - share));
  }

  /** One of the things that leads do by themselves, each as often as it is done. */
  own(random: Random): { kind: Engagement['kind']; subject: string } {
    const chosen = random.next() * (this.#own.at(-1)?.upTo ?? 0);
    const found = this.#own.find(({ upTo }) => chosen < upTo) ?? this.#own.at(-1);
    if (found === undefined) throw new Error('Nobody does anything.');
    return found;
  }

  /**
   * How long a reaction takes, between its quantiles on a logarithmic scale, in milliseconds.
   * @param part of all such reactions, the share that was sooner: from 0 up to but without 1
   */
  delay(reaction: Reaction, part: number): number {
    const { quantiles } = this.behavior.delays[reaction];
    const place = part * (quantiles.length - 1);
    const [low = 1, high = low] = quantiles.slice(Math.floor(place), Math.floor(place) + 2);
    const [from, to] = [Math.max(1, low), Math.max(1, high)];
    return Math.floor(from * (to / from) ** (place % 1));
  }
}

/**
 * What one lead does in one run. Each mail has random numbers of its own, and so has what the lead does by itself:
 * a change of one step does not change what is done about the others.
 */
export class Conduct {
  readonly #manners: Manners;
  readonly #seed: number;
  readonly #own: Random;
  readonly #isLively: boolean;
  readonly #pace: number;
  /** What is to come, the next one first. */
  readonly #deeds: Deed[] = [];

  /** @param from when it begins to do anything by itself */
  constructor(manners: Manners, seed: number, from: Instant) {
    this.#manners = manners;
    this.#seed = seed;
    this.#own = new Random(seed);
    this.#isLively = this.#own.chance(manners.behavior.lively.share);
    this.#pace = manners.pace(this.#isLively);
    this.#comesBack(from);
  }

  /** When it next does something; never, as far as is known, is infinity. */
  get nextAt(): number {
    return this.#deeds[0]?.at ?? Infinity;
  }

  /** The next thing that it does; after what it does by itself it will do something again. */
  next(): Deed {
    const deed = this.#deeds.shift();
    if (deed === undefined) throw new Error('There is nothing to come.');
    if (deed.what === 'own') this.#comesBack(deed.at);
    return deed;
  }

  /** A mail has arrived. */
  receives(mail: string, sendId: SendId, at: Instant): void {
    const random = new Random(seedOf(this.#seed, this.#manners.seedOf(mail)));
    // Drawn for each, so that one chance that changes leaves the others as they are.
    for (const reaction of reactions) {
      const isDone = random.chance(this.#manners.chance(mail, reaction, this.#isLively));
      const part = random.next();
      if (!isDone) continue;
      const after = this.#manners.delay(reaction, part);
      this.#plan({
        ...{ at: plus(at, after), what: reaction, kind: reaction, subject: null, sendId },
      });
      // Nobody has read it.
      if (reaction === 'bounce') return;
    }
  }

  /** Arrivals of a Poisson process: the next is as likely at any moment, whenever the last one was. */
  #comesBack(at: Instant): void {
    if (this.#pace <= 0) return;
    const pause = Math.max(1, Math.round((-Math.log(1 - this.#own.next()) * week) / this.#pace));
    const { kind, subject } = this.#manners.own(this.#own);
    this.#plan({ at: plus(at, pause), what: 'own', kind, subject, sendId: null });
  }

  #plan(deed: Deed): void {
    const index = this.#deeds.findIndex(({ at }) => at > deed.at);
    this.#deeds.splice(index === -1 ? this.#deeds.length : index, 0, deed);
  }
}

/** A deed as the rules see an event. A click is held as long as it may be a scanner's. */
export function eventOf(
  { at, kind, subject, sendId }: Deed,
  n: number,
  clickHoldMs: number,
): Engagement {
  return {
    // Of one length, so that they sort as they are counted.
    id: `simulated-${String(n).padStart(6, '0')}` as EventId,
    ...{ kind, subject, at, receivedAt: at, sendId, userAgent: null },
    holdUntil: kind === 'click' ? plus(at, clickHoldMs) : null,
  };
}
