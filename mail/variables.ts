import type { LeadFields } from '../domain/lead/fields.ts';
import type { Brand } from '../domain/sequence/brand.ts';

/** What a marketer may write between `{{` and `}}`. A field that is not known is not there at all. */
export interface MailVariables {
  lead: Record<string, string | number>;
  /** Who of sales the lead is with; empty when it is with nobody. */
  rep: { name?: string; first_name?: string };
  brand: { company: string; sender: string; postal_address: string };
  mail: { subject: string; preheader: string };
  links: { unsubscribe: string; stay: string; honeypot: string };
}

/** The fields of `lead` by the names that templates use. */
export const leadFields = {
  first_name: 'firstName',
  last_name: 'lastName',
  company: 'company',
  title: 'title',
  industry: 'industry',
  country: 'country',
  employees: 'employees',
} as const satisfies Record<string, keyof LeadFields>;

/** Every variable there is, such as `lead.first_name`, for checks and suggestions. */
export const knownVariables: readonly string[] = [
  ...Object.keys(leadFields).map(name => `lead.${name}`),
  'rep.name',
  'rep.first_name',
  'brand.company',
  'brand.sender',
  'brand.postal_address',
  'mail.subject',
  'mail.preheader',
  'links.unsubscribe',
  'links.stay',
  'links.honeypot',
];

export function leadVariables(fields: LeadFields): MailVariables['lead'] {
  const known: MailVariables['lead'] = {};
  for (const [name, field] of Object.entries(leadFields)) {
    const value = fields[field];
    if (value !== null && value !== '') known[name] = value;
  }
  return known;
}

/** @param name of the rep that the lead is with; null when it is with none */
export function repVariables(name: string | null): MailVariables['rep'] {
  const whole = (name ?? '').trim();
  const [first = ''] = whole.split(/\s+/);
  return first === '' ? {} : { name: whole, first_name: first };
}

export function brandVariables({ company, sender, postalAddress }: Brand): MailVariables['brand'] {
  return { company, sender: sender.name, postal_address: postalAddress };
}
