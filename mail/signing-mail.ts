import type { Signer } from '../store/approval.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';

/** What somebody who may sign is told. */
export interface SigningNotice {
  signer: Signer;
  subject: string;
  /** What it is that waits, such as `Version 3 of the agreement`. */
  title: string;
  /** When it comes into force, and what is until then, in a sentence. */
  until: string;
  /** What it says differently, each in a sentence. */
  changes: readonly string[];
  /** The signed link to the page with the difference. */
  link: string;
}

/** Changes that a mail has room for. */
const shown = 12;

/** The mail that asks somebody to sign a draft, or a version of a sequence, made from `templates/brand/signing-mail.mjml`. */
export class SigningMail {
  readonly #mail: HouseMail;

  private constructor(mail: HouseMail) {
    this.#mail = mail;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<SigningMail> {
    return new SigningMail(await HouseMail.load(templates, 'signing-mail.mjml'));
  }

  make({ signer, subject, title, until, changes, link }: SigningNotice): OutgoingMail {
    return this.#mail.make(
      { to: signer.address, subject, category: 'agreement' },
      {
        signer: { name: signer.name, team: signer.team },
        title,
        until,
        changes: changes.slice(0, shown),
        more: Math.max(0, changes.length - shown),
        link,
      },
    );
  }
}
