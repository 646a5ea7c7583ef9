import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brand } from '../domain/sequence/brand.ts';
import type { Address } from '../domain/lead/address.ts';
import { loadBrand } from './brand.ts';
import { compileMail } from './compile.ts';
import type { OutgoingMail } from './gateway.ts';
import { parseLiquid, renderLiquid, type ParsedTemplate } from './liquid.ts';
import { textPart } from './text-part.ts';

/** A mail to a member of either team, made from a template of `templates/brand/`. */
export class HouseMail {
  readonly #brand: Brand;
  readonly #template: ParsedTemplate;

  private constructor(brand: Brand, template: ParsedTemplate) {
    this.#brand = brand;
    this.#template = template;
  }

  /**
   * @param templates the folder that holds `brand/`
   * @param name the template's file, such as `rep-mail.mjml`
   */
  static async load(templates: string, name: string): Promise<HouseMail> {
    const file = join(templates, 'brand', name);
    const brand = await loadBrand(templates);
    const { body } = await compileMail(await readFile(file, 'utf8'), file, templates);
    return new HouseMail(brand, parseLiquid(body.html, 'html'));
  }

  /** @param variables what the template asks for, beside the subject and the brand */
  make(
    { to, subject, category, customArgs = {} }: Envelope,
    variables: Readonly<Record<string, unknown>>,
  ): OutgoingMail {
    const { company, postalAddress, sender } = this.#brand;
    const html = renderLiquid(this.#template, {
      ...variables,
      mail: { subject },
      brand: { company, postal_address: postalAddress },
    });
    return {
      to,
      from: sender,
      subject,
      html,
      // Made from the finished HTML: a list's text part cannot be made from its template.
      text: textPart(html),
      headers: {},
      customArgs,
      categories: [category],
      countClicks: false,
    };
  }
}

/** Whom a mail goes to, and what it is about. */
export interface Envelope {
  to: Address;
  subject: string;
  /** What the provider counts it under. */
  category: string;
  customArgs?: Record<string, string>;
}
