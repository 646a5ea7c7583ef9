import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/lead/address.ts';
import { mergeByAddress, type LeadRow } from '../../domain/lead/row.ts';
import type { Session } from '../../store/database.ts';
import { bringIn } from '../../store/intake.ts';
import { openSource, type RowEffect } from '../../store/lead.ts';
import type { Endpoint } from '../endpoint.ts';
import { leadItemSchema, rowOfItem } from '../lead-item.ts';
import { answerOf, resultsSchema, type Result } from '../results.ts';
import { inOneLine, problemsOf } from '../problems.ts';

const example = {
  email: 'ada@example.com',
  source: 'spring fair 2026',
  fields: {
    first_name: 'Ada',
    last_name: 'Lovelace',
    company: 'Analytical Engines',
    title: 'Plant Manager',
    industry: 'manufacturing',
    employees: 500,
    country: 'DE',
  },
  consent: { basis: 'asked for it at the fair', at: '2026-03-02' },
};

const effects = ['new', 'updated', 'unchanged'] as const;

/** `POST /v1/leads`: leads of any system, one or a list, by the rules of `leads import`. */
export const leadsEndpoint: Endpoint = {
  path: '/v1/leads',
  summary: 'Bring leads in',
  description:
    'Leads, one or a list. One lead for each address (or alias); what is blank, null or left out never overwrites, so ' +
    'the same post again changes nothing. Each lead is taken in whole or rejected with its reason; the others go on. ' +
    'New leads are graded at once and go to sales, into a sequence, or rest; changed ones are looked at again.',
  noun: 'lead',
  item: leadItemSchema,
  most: 500,
  contentTypes: [],
  examples: {
    one: { summary: 'one lead with all that is known', value: example },
    list: {
      summary: 'a list: a new field of a lead that is there, a customer, and one who wants no mail',
      value: [
        { email: 'ada@example.com', source: 'crm', fields: { title: 'Head of Operations' } },
        { email: 'grace@example.org', source: 'crm', account_status: 'customer' },
        { email: 'linus@example.net', source: 'crm', opted_out: true },
      ],
    },
  },
  answers: resultsSchema('lead', effects),
  take: async ({ database }, given, at) => {
    const results: Result[] = [];
    const rows: { row: LeadRow; source: string; lead: number; notes: string[] }[] = [];
    for (const [lead, value] of given.entries()) {
      const { data, error } = leadItemSchema.safeParse(value);
      const parsed =
        data === undefined
          ? { reason: inOneLine(problemsOf(error, value, leadItemSchema)) }
          : rowOfItem(data);
      if (data !== undefined && 'row' in parsed)
        rows.push({ ...parsed, source: data.source, lead });
      else if ('reason' in parsed)
        results.push({ lead, result: 'rejected', reason: parsed.reason });
    }
    if (rows.length === 0) return { ...answerOf('lead', effects, results), toNudge: [] };
    const stored = await database.transaction(session => store(session, rows, at));
    for (const { row, lead, notes } of rows) {
      const result = stored.effects.get(row.address) ?? 'unchanged';
      results.push({ lead, result, ...(notes.length === 0 ? {} : { notes }) });
    }
    return { ...answerOf('lead', effects, results), toNudge: stored.toNudge };
  },
};

/** Stores rows, of which several may be of one person: the later say more, the first says the source. */
async function store(
  session: Session,
  rows: readonly { row: LeadRow; source: string }[],
  at: Instant,
) {
  const sources = new Map<Address, string>();
  for (const { row, source } of rows)
    if (!sources.has(row.address)) sources.set(row.address, source);
  const ids = new Map<string, string>();
  // In one order, so that posts with new sources wait for each other and not in a circle.
  for (const name of [...new Set(sources.values())].toSorted())
    ids.set(name, await openSource(session, name, null, at));
  const sourceOf = ({ address }: LeadRow) => ids.get(sources.get(address) ?? '') ?? '';
  const merged = mergeByAddress(rows.map(({ row }) => row));
  const { leads, toNudge } = await bringIn(session, merged, sourceOf, at);
  const changed = leads.filter(({ effect, caughtUp }) => effect !== 'unchanged' && caughtUp);
  return {
    effects: new Map<Address, RowEffect>(leads.map(({ address, effect }) => [address, effect])),
    toNudge: [...new Set([...changed.map(({ id }) => id), ...toNudge])],
  };
}
