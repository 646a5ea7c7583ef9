import { DateTime } from 'luxon';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';

/** What somebody is told who asked to log in. */
export interface LoginNotice {
  name: string;
  address: Address;
  /** The signed link that logs them in. */
  link: string;
  /** When it stops to work, in the person's time zone. */
  until: Instant;
  zone: string;
}

/** The mail that somebody logs in with, made from `templates/brand/login-mail.mjml`. */
export class LoginMail {
  readonly #mail: HouseMail;

  private constructor(mail: HouseMail) {
    this.#mail = mail;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<LoginMail> {
    return new LoginMail(await HouseMail.load(templates, 'login-mail.mjml'));
  }

  make({ name, address, link, until, zone }: LoginNotice): OutgoingMail {
    return this.#mail.make(
      { to: address, subject: 'Your link to log in', category: 'login' },
      {
        person: { name },
        until: `${DateTime.fromMillis(until, { zone }).toFormat('HH:mm')} (${zone})`,
        link,
      },
    );
  }
}
