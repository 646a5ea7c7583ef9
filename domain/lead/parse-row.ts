import { DateTime, IANAZone } from 'luxon';
import { storable } from '../document/text.ts';
import { instant, type Instant } from '../instant.ts';
import { normalizeAddress } from './address.ts';
import { countryCode } from './country.ts';
import { noFields } from './fields.ts';
import type { ColumnKind, Columns } from './headings.ts';
import type { LeadRow } from './row.ts';

/** A row that was understood, with what in it was not; or why it cannot be used. */
export type ParsedRow = { row: LeadRow; notes: string[] } | { reason: string };

/** Longer texts are a mistake of the file, such as a quote that was never closed. */
const longestText = 300;

/** Reads the cells of a row. A blank cell says nothing; a cell that makes no sense is noted and left out. */
export function parseRow(cells: readonly string[], { kinds }: Columns): ParsedRow {
  if (cells.length > kinds.length && cells.slice(kinds.length).some(cell => cell.trim() !== ''))
    return { reason: `has ${cells.length} cells, but the header has ${kinds.length}` };
  const values = new Map<ColumnKind, string>();
  for (const [index, kind] of kinds.entries()) {
    const text = storable(cells[index] ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    if (kind === null || text === '') continue;
    if (text.length > longestText)
      return {
        reason: `${kind} has ${text.length} characters, more than ${longestText}; a quote may be open before it`,
      };
    values.set(kind, text);
  }
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
    consent: basis === null ? null : { basis, at: read('consent_date', momentOf) },
    conversions: (['first', 'recent'] as const).flatMap(which => {
      const name = text(`${which}_conversion`);
      const at = read(`${which}_conversion_date`, momentOf);
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

function yesOrNo(text: string): boolean | null {
  if (/^(1|true|yes|y|ja|x|oui|si)$/i.test(text)) return true;
  return /^(0|false|no|n|nein|non)$/i.test(text) ? false : null;
}

function statusOf(text: string | null): string | null {
  switch (text?.toLowerCase()) {
    case 'customer':
    case 'evangelist':
      return 'customer';
    case 'opportunity':
    case 'open opportunity':
      return 'open opportunity';
    case 'competitor':
      return 'competitor';
    default:
      return null;
  }
}

/** The forms that exports write dates in; a slash means the American order. */
const dateForms = [
  'yyyy-MM-dd HH:mm',
  'yyyy-MM-dd HH:mm:ss',
  'd.M.yyyy',
  'd.M.yyyy HH:mm',
  'M/d/yyyy',
  'M/d/yyyy H:mm',
  'M/d/yyyy h:mm a',
];

function momentOf(text: string): Instant | null {
  const iso = DateTime.fromISO(text, { zone: 'utc' });
  if (iso.isValid) return instant(iso.toMillis());
  for (const form of dateForms) {
    const moment = DateTime.fromFormat(text, form, { zone: 'utc', locale: 'en' });
    if (moment.isValid) return instant(moment.toMillis());
  }
  return null;
}
