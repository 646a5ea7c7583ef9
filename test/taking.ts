import { minute } from '../domain/instant.ts';
import type { LeadId } from '../domain/ids.ts';
import type { App } from './app.ts';
import { cookieOf } from './logged-in.ts';
import { aLead, bestFit, does, later, settled, takeIn } from './program.ts';

/** What came of pressing a button. */
export interface Pressed {
  status: number;
  text: string;
  location: string | null;
}

/** Members of both teams, by their keys, in front of the pages of leads. */
export class Takers {
  readonly #app: App;
  readonly #people = new Map<string, { name: string; cookie: string }>();

  private constructor(app: App) {
    this.#app = app;
  }

  static async of(app: App): Promise<Takers> {
    const takers = new Takers(app);
    for (const { key, name } of await app.database.person.findMany())
      takers.#people.set(key, { name, cookie: await cookieOf(app, key) });
    return takers;
  }

  nameOf(key: string): string {
    return this.#person(key).name;
  }

  #person(key: string) {
    const person = this.#people.get(key);
    if (person === undefined) throw new Error(`There is nobody with the key ${key}.`);
    return person;
  }

  async nurtured(): Promise<LeadId> {
    this.#app.clock.at = later(this.#app, minute);
    const lead = await aLead(this.#app, bestFit);
    await takeIn(this.#app, lead);
    return lead;
  }

  /** A lead with a rep; and the keys of that rep and of another. */
  async withRep(): Promise<{ lead: LeadId; owner: string; other: string }> {
    const lead = await this.nurtured();
    await does(this.#app, lead, { kind: 'form', subject: 'Book a demo' });
    const owner = await this.ownerOf(lead);
    return { lead, owner: owner ?? '', other: owner === 'lena' ? 'emil' : 'lena' };
  }

  /** Who has a lead, or had it last; null when nobody ever had. */
  async ownerOf(lead: LeadId): Promise<string | null> {
    const escalation = await this.#app.database.escalation.findFirst({
      where: { leadId: lead },
      orderBy: { id: 'desc' },
      include: { owner: true },
    });
    return escalation?.owner.key ?? null;
  }

  /** A lead's page, as somebody sees it who is logged in, or is not. */
  async look(lead: LeadId, key: string | null): Promise<string> {
    return (await fetch(this.urlOf(lead), { headers: this.#cookieOf(key) })).text();
  }

  /** What the form on their page names: the assignment that it shows. */
  async seenBy(lead: LeadId, key: string): Promise<string> {
    const [, after] = /name="after" value="([^"]*)"/.exec(await this.look(lead, key)) ?? [];
    if (after === undefined) throw new Error(`${key} may not take it over.`);
    return after;
  }

  async press(
    lead: LeadId,
    key: string | null,
    after: string,
    headers: Record<string, string> = {},
  ): Promise<Pressed> {
    const response = await fetch(this.urlOf(lead), {
      method: 'POST',
      body: new URLSearchParams({ after }),
      headers: { ...this.#cookieOf(key), ...headers },
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    return { status: response.status, text: await response.text(), location };
  }

  /** Somebody looks, presses, and everything comes to rest. */
  async take(lead: LeadId, key: string): Promise<Pressed> {
    const pressed = await this.press(lead, key, await this.seenBy(lead, key));
    await settled(this.#app, lead);
    return pressed;
  }

  urlOf(lead: LeadId): string {
    return this.#app.links.lead(lead, this.#app.clock.now());
  }

  #cookieOf(key: string | null): Record<string, string> {
    return key === null ? {} : { cookie: this.#person(key).cookie };
  }
}
