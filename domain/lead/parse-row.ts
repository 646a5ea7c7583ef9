import { IANAZone } from 'luxon';
import { accountStatusOf, type AccountStatus } from '../account/status.ts';
import { readCells, type Columns } from '../document/columns.ts';
import { parseMoment } from '../document/moment.ts';
import { normalizeAddress } from './address.ts';
import { countryCode } from './country.ts';
import { noFields } from './fields.ts';
import type { ColumnKind } from './headings.ts';
import type { LeadRow } from './row.ts';

/** A row that was understood, with what in it was not; or why it cannot be used. */
export type ParsedRow = { row: LeadRow; notes: string[] } | { reason: string };

/** Reads the cells of a row. A blank cell says nothing; a cell that makes no sense is noted and left out. */
export function parseRow(cells: readonly string[], columns: Columns<ColumnKind>): ParsedRow {
  const values = readCells(cells, columns);
  return values instanceof Map ? rowOf(values) : values;
}

/** The row that values by their names make, by the same rules. */
export function rowOf(values: ReadonlyMap<ColumnKind, string>): ParsedRow {
  const address = normalizeAddress(values.get('email') ?? '');
  if ('reason' in address) return address;
  const notes: string[] = [];
  const read = <T>(kind: ColumnKind, parse: (text: string) => T | null): T | null => {
    const text = values.get(kind);
    if (text === undefined) return null;
    const value = parse(text);
    if (value === null) notes.push(`${kind} "${text.slice(0, 40)}" was not understood`);
    return value;
  };
  const text = (kind: ColumnKind) => values.get(kind) ?? null;
  const [first, ...rest] = text('full_name')?.split(' ') ?? [];
  const basis = text('consent_basis');
  const row: LeadRow = {
    address: address.address,
    fields: {
      ...noFields,
      firstName: text('first_name') ?? first ?? null,
      lastName: text('last_name') ?? (rest.join(' ') || null),
      company: text('company'),
      title: text('title'),
      industry: read('industry', industryOf),
      employees: read('employees', employeesOf),
      country: read('country', countryCode),
      region: text('region'),
      zone: read('zone', zone => (IANAZone.isValidZone(zone) ? zone : null)),
    },
    accountStatus: statusOf(text('account_status')),
    optedOut: read('opted_out', yesOrNo) ?? false,
    consent: basis === null ? null : { basis, at: read('consent_date', parseMoment) },
    conversions: (['first', 'recent'] as const).flatMap(which => {
      const name = text(`${which}_conversion`);
      const at = read(`${which}_conversion_date`, parseMoment);
      return name === null || at === null ? [] : [{ name, at }];
    }),
  };
  return { row, notes };
}

/** HubSpot writes industries as constants: `FOOD_BEVERAGES`. */
function industryOf(text: string): string {
  return /^[A-Z0-9_]{4,}$/.test(text) ? text.toLowerCase().replaceAll('_', ' ') : text;
}

/** `1,200`, `10K+`, and of a range (`201-500`) its lower end. */
function employeesOf(text: string): number | null {
  const [, number, thousand] = /^([\d.,' ]+)\s*(k)?\b/i.exec(text) ?? [];
  const count = Number((number ?? '').replace(/[.,' ](?=\d{3}(?!\d))/g, '').replace(/[^\d.]/g, ''));
  if (number === undefined || !Number.isFinite(count)) return null;
  const whole = Math.round(thousand === undefined ? count : count * 1000);
  return whole <= 10_000_000 ? whole : null;
}

/** Yes or no to "is never to be mailed"; Pipedrive says it as the status of a person in its campaigns. */
function yesOrNo(text: string): boolean | null {
  if (/^(1|true|yes|y|ja|x|oui|si|unsubscribed|bounced|archived|no consent)$/i.test(text))
    return true;
  return /^(0|false|no|n|nein|non|subscribed)$/i.test(text) ? false : null;
}

/** What the company is to us, where a CRM's word for it says so. */
function statusOf(text: string | null): AccountStatus | null {
  const status = text === null ? null : accountStatusOf(text);
  return status === 'none' || status === 'silent' ? null : status;
}
