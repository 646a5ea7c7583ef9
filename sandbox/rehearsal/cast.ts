import type { Instant } from '../../domain/instant.ts';
import type { Deed } from '../people/deed.ts';
import { byShare, chanceOf } from '../people/chance.ts';
import { LeadPerson } from '../people/lead-person.ts';
import { RepPerson } from '../people/rep-person.ts';
import type { Personas } from '../people/schema.ts';
import type { StoredMail } from '../sendgrid/outbox.ts';

/** Who plays whom: every address that is mailed gets a persona, the same for the same seed. */
export class Cast {
  readonly #personas: Personas;
  readonly #seed: number;
  readonly #zone: string;
  readonly #leads = new Map<string, LeadPerson>();
  readonly #reps = new Map<string, RepPerson>();

  constructor(personas: Personas, seed: number, zone: string) {
    this.#personas = personas;
    this.#seed = seed;
    this.#zone = zone;
  }

  /** What the person does whom a mail reached. */
  receives(mail: StoredMail, at: Instant): Deed[] {
    const person = mail.categories.includes('escalation')
      ? this.#rep(mail.to)
      : this.#lead(mail.to);
    return person.receives(mail, at);
  }

  #lead(address: string): LeadPerson {
    const known = this.#leads.get(address);
    if (known !== undefined) return known;
    const { persona } = byShare(this.#personas.leads, chanceOf(this.#seed, 'lead', address));
    const person = new LeadPerson(persona, address, this.#seed, this.#zone);
    this.#leads.set(address, person);
    return person;
  }

  #rep(address: string): RepPerson {
    const known = this.#reps.get(address);
    if (known !== undefined) return known;
    const { persona } = byShare(this.#personas.reps, chanceOf(this.#seed, 'rep', address));
    const person = new RepPerson(persona, address, this.#seed);
    this.#reps.set(address, person);
    return person;
  }
}
