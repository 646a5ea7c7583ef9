import { changeInWords, type Change } from '../domain/agreement/diff.ts';
import type { Signer } from '../store/approval.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';

/** What somebody who may sign is told. */
export interface SigningNotice {
  signer: Signer;
  version: number;
  /** The version in force. */
  active: number;
  changes: readonly Change[];
  /** The signed link to the page with the difference. */
  link: string;
}

/** Changes that a mail has room for. */
const shown = 12;

/** The mail that asks somebody to sign a draft, made from `templates/brand/signing-mail.mjml`. */
export class SigningMail {
  readonly #mail: HouseMail;

  private constructor(mail: HouseMail) {
    this.#mail = mail;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<SigningMail> {
    return new SigningMail(await HouseMail.load(templates, 'signing-mail.mjml'));
  }

  make({ signer, version, active, changes, link }: SigningNotice): OutgoingMail {
    const subject = `Please sign: version ${version} of the agreement between marketing and sales`;
    return this.#mail.make(
      { to: signer.address, subject, category: 'agreement' },
      {
        signer: { name: signer.name, team: signer.team },
        version,
        active,
        changes: changes.slice(0, shown).map(changeInWords),
        more: Math.max(0, changes.length - shown),
        link,
      },
    );
  }
}
