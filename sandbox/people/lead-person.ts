import { DateTime } from 'luxon';
import { day, minute, plus, second, type Instant } from '../../domain/instant.ts';
import type { Random } from '../../domain/random.ts';
import { linksOf } from '../sendgrid/links.ts';
import type { StoredMail } from '../sendgrid/outbox.ts';
import { chanceOf } from './chance.ts';
import type { Deed, World } from './deed.ts';
import type { LeadPersona } from './schema.ts';

/** A lead of a rehearsal: what arrives, and what that makes the person do. */
export class LeadPerson {
  readonly #persona: LeadPersona;
  readonly #address: string;
  readonly #seed: number;
  readonly #zone: string;
  #mails = 0;
  #clicks = 0;
  #awayUntil = 0;
  readonly #done = new Set<number>();

  /** @param zone where the person's hours are */
  constructor(persona: LeadPersona, address: string, seed: number, zone: string) {
    this.#persona = persona;
    this.#address = address;
    this.#seed = seed;
    this.#zone = zone;
  }

  /** What follows from a mail that arrived at a moment. */
  receives(mail: StoredMail, at: Instant): Deed[] {
    this.#mails += 1;
    const random = chanceOf(this.#seed, this.#address, String(this.#mails), mail.subject);
    if (this.#does('bounces', this.#mails, 'mails'))
      return [this.#deed(plus(at, 2 * second), 'bounces', ({ reader }) => reader.bounce(mail))];
    const deeds = this.#byMachines(mail, at, random);
    const away = this.#begins('is away', this.#mails, 'mails');
    if (away !== null) this.#awayUntil = at + (away.days ?? 0) * day;
    if (at < this.#awayUntil)
      return [
        ...deeds,
        this.#deed(plus(at, minute), 'is away', ({ reader }) => reader.outOfOffice(mail)),
      ];
    return [
      ...deeds,
      ...this.#byHand(mail, this.#lookAfter(at, random), random),
      ...this.#later(at),
    ];
  }

  #byMachines(mail: StoredMail, at: Instant, random: Random): Deed[] {
    const deeds: Deed[] = [];
    const { scanned } = this.#persona;
    if (scanned)
      deeds.push(
        this.#deed(plus(at, (1 + random.below(2)) * second), 'scans', ({ reader }) =>
          reader.scan(mail),
        ),
      );
    if (this.#persona['machine opens'])
      deeds.push(
        this.#deed(plus(at, (10 + random.below(300)) * second), 'opens by machine', ({ reader }) =>
          reader.machineOpen(mail),
        ),
      );
    return deeds;
  }

  #byHand(mail: StoredMail, at: Instant, random: Random): Deed[] {
    const { opens, clicks } = this.#persona;
    const clicksIt = random.chance(clicks);
    const deeds: Deed[] = [];
    if (clicksIt || random.chance(opens))
      deeds.push(this.#deed(at, 'opens', ({ reader }) => reader.open(mail)));
    const link = random.below(1_000);
    const visits = random.chance(this.#persona['visits pricing']);
    if (clicksIt)
      deeds.push({
        ...this.#deed(plus(at, (30 + random.below(150)) * second), 'clicks', () => undefined),
        act: world => this.#click(world, mail, link, visits, plus(at, 4 * minute)),
      });
    const then = plus(at, 3 * minute);
    if (this.#begins('complains', this.#mails, 'mails') !== null)
      deeds.push(this.#deed(then, 'complains', ({ reader }) => reader.complain(mail)));
    if (this.#begins('unsubscribes', this.#mails, 'mails') !== null)
      deeds.push(this.#deed(then, 'unsubscribes', ({ reader }) => reader.leave(mail)));
    if (this.#begins('replies', this.#mails, 'mails') !== null)
      deeds.push(
        this.#deed(then, 'replies', ({ reader }) =>
          reader.reply(mail, 'Thank you. Could somebody call me about this next week?'),
        ),
      );
    return deeds;
  }

  async #click(
    { reader }: World,
    mail: StoredMail,
    which: number,
    visits: boolean,
    after: Instant,
  ): Promise<Deed[]> {
    const links = linksOf(mail.html ?? '').filter(link => link.isCounted && !link.isHidden);
    const link = links[which % Math.max(1, links.length)];
    if (link === undefined) return [];
    reader.click(mail, link);
    this.#clicks += 1;
    const deeds: Deed[] = [];
    if (visits) deeds.push(this.#visit(after, 'page', '/pricing'));
    if (this.#begins('asks for a demo', this.#clicks, 'clicks') !== null)
      deeds.push(this.#visit(plus(after, 2 * minute), 'form', 'demo request'));
    return deeds;
  }

  /** What only time brings. */
  #later(at: Instant): Deed[] {
    return this.#persona.then.flatMap(({ after, does }, index) => {
      if (after.of !== 'days' || this.#done.has(index)) return [];
      if (does !== 'comes back' && does !== 'asks for a demo') return [];
      this.#done.add(index);
      const random = chanceOf(this.#seed, this.#address, does);
      const back = this.#lookAfter(plus(at, after.count * day), random);
      if (does === 'asks for a demo') return [this.#visit(back, 'form', 'demo request')];
      return [
        this.#visit(back, 'page', '/pricing'),
        this.#visit(plus(back, 3 * minute), 'download', 'Guide to unplanned stops'),
        this.#visit(plus(back, 9 * minute), 'page', '/pricing/calculator'),
      ];
    });
  }

  #visit(at: Instant, type: 'page' | 'form' | 'download', name: string): Deed {
    return this.#deed(at, `${type} ${name}`, world => world.visit(this.#address, type, name));
  }

  #deed(at: Instant, what: string, act: (world: World) => unknown): Deed {
    return {
      at,
      who: this.#address,
      what,
      isQuiet: ['opens', 'opens by machine', 'is away'].includes(what),
      act: async world => {
        await act(world);
        return [];
      },
    };
  }

  /** Whether something that lasts has begun. */
  #does(deed: string, count: number, of: 'mails' | 'clicks'): boolean {
    return this.#persona.then.some(
      ({ does, after }) => does === deed && after.of === of && count >= after.count,
    );
  }

  /** The step that begins with just this mail or click. */
  #begins(deed: string, count: number, of: 'mails' | 'clicks') {
    return (
      this.#persona.then.find(
        ({ does, after }) => does === deed && after.of === of && count === after.count,
      ) ?? null
    );
  }

  /** When the person next looks at mail, in whole seconds, because the provider tells no finer time. */
  #lookAfter(at: Instant, random: Random): Instant {
    const { from, to } = this.#persona.looks;
    const today = DateTime.fromMillis(at, { zone: this.#zone }).startOf('day');
    for (let days = 0; ; days++) {
      const start = today.plus({ days }).toMillis();
      const earliest = Math.max(start + from, at + minute);
      if (earliest >= start + to) continue;
      const moment = earliest + random.next() * (start + to - earliest);
      return (Math.floor(moment / second) * second) as Instant;
    }
  }
}
