import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeInWords, type Change } from '../domain/agreement/diff.ts';
import type { Brand } from '../domain/sequence/brand.ts';
import type { Signer } from '../store/approval.ts';
import { loadBrand } from './brand.ts';
import { compileMail } from './compile.ts';
import type { OutgoingMail } from './gateway.ts';
import { parseLiquid, renderLiquid, type ParsedTemplate } from './liquid.ts';
import { textPart } from './text-part.ts';

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
  readonly #brand: Brand;
  readonly #template: ParsedTemplate;

  private constructor(brand: Brand, template: ParsedTemplate) {
    this.#brand = brand;
    this.#template = template;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<SigningMail> {
    const file = join(templates, 'brand', 'signing-mail.mjml');
    const brand = await loadBrand(templates);
    const { body } = await compileMail(await readFile(file, 'utf8'), file, templates);
    return new SigningMail(brand, parseLiquid(body.html, 'html'));
  }

  make({ signer, version, active, changes, link }: SigningNotice): OutgoingMail {
    const subject = `Please sign: version ${version} of the agreement between marketing and sales`;
    const html = renderLiquid(this.#template, {
      mail: { subject },
      signer: { name: signer.name, team: signer.team },
      version,
      active,
      changes: changes.slice(0, shown).map(changeInWords),
      more: Math.max(0, changes.length - shown),
      link,
      brand: { company: this.#brand.company, postal_address: this.#brand.postalAddress },
    });
    return {
      to: signer.address,
      from: this.#brand.sender,
      subject,
      html,
      text: textPart(html),
      headers: {},
      customArgs: {},
      categories: ['agreement'],
      countClicks: false,
    };
  }
}
