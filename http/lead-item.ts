import { z } from 'zod';
import { accountStatuses } from '../domain/account/status.ts';
import { readValues } from '../domain/document/columns.ts';
import { storable } from '../domain/document/text.ts';
import { normalizeAddress } from '../domain/lead/address.ts';
import type { ColumnKind } from '../domain/lead/headings.ts';
import { rowOf, type ParsedRow } from '../domain/lead/parse-row.ts';

/** A text as a file's cell holds one; null and blank say nothing. */
const text = z.string().max(300, 'it must have at most 300 characters').nullish();

const headcount = 'it must be a whole number, or a range such as "201-500"';

const fieldsSchema = z.strictObject({
  first_name: text,
  last_name: text,
  company: text,
  title: text,
  industry: text,
  employees: z
    .union([z.int(headcount).min(0, headcount).max(10_000_000, headcount), z.string().max(300)], {
      error: headcount,
    })
    .nullish()
    .meta({ description: 'how many people the company employs; of a range its lower end counts' }),
  country: text.meta({ description: 'its name, or its code of two or three letters' }),
  region: text,
  zone: text.meta({ description: 'an IANA name, such as Europe/Berlin' }),
});

/** A lead as it is posted: the fields are named as `leads import --map` names them. */
export const leadItemSchema = z.strictObject({
  email: z.string().max(500, 'it must have at most 500 characters'),
  source: z
    .string()
    .trim()
    .min(1, 'say where this lead came from')
    .max(200, 'it must have at most 200 characters')
    .refine(name => storable(name) === name, 'the text holds NUL or half a character')
    .meta({ description: 'where the lead came from; kept from the first time' }),
  fields: fieldsSchema.optional(),
  account_status: z
    .enum(accountStatuses)
    .nullish()
    .meta({ description: 'what the company is to you' }),
  opted_out: z.boolean().nullish().meta({ description: 'true: is never mailed again' }),
  consent: z
    .strictObject({
      basis: z.string().min(1).max(300),
      at: z
        .union([z.iso.datetime({ offset: true }), z.iso.date()], {
          error: 'it must be a date, or a date with time and zone, such as 2026-03-02T08:00:00Z',
        })
        .nullish(),
    })
    .nullish(),
});
type LeadItem = z.output<typeof leadItemSchema>;

/** The row that a posted lead makes, by the rules of a file's row. */
export function rowOfItem({ email, fields, consent, ...item }: LeadItem): ParsedRow {
  // A file may be careless with what no text holds; a program that sends it has a mistake.
  const address = normalizeAddress(email);
  if ('reason' in address) return address;
  const told: [ColumnKind, string | number | null | undefined][] = [
    ['email', email],
    ['first_name', fields?.first_name],
    ['last_name', fields?.last_name],
    ['company', fields?.company],
    ['title', fields?.title],
    ['industry', fields?.industry],
    ['employees', fields?.employees],
    ['country', fields?.country],
    ['region', fields?.region],
    ['zone', fields?.zone],
    ['account_status', item.account_status],
    ['opted_out', item.opted_out === true ? 'yes' : null],
    ['consent_basis', consent?.basis],
    ['consent_date', consent?.at],
  ];
  const values = readValues(told.map(([kind, value]) => [kind, String(value ?? '')] as const));
  return values instanceof Map ? rowOf(values) : values;
}
