import { currencyCode, parseMoney, type Currencies } from '../amount.ts';
import { suggestion } from '../document/nearest.ts';
import { parseMoment } from '../document/moment.ts';
import type { Instant } from '../instant.ts';
import { normalizeAddress, type Address } from '../lead/address.ts';
import type { Money } from '../money.ts';
import type { OutcomeColumn } from './headings.ts';

/** What became of a lead with sales. */
export const outcomeKinds = ['accepted', 'rejected', 'qualified', 'won', 'lost'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

/** What a row of a file, or a call of the API, says became of one lead. */
export interface OutcomeRow {
  address: Address;
  kind: OutcomeKind;
  at: Instant;
  /** Only of what was rejected or lost. */
  reason: string | null;
  /** Only of what was won. */
  money: Money | null;
  /** The other system's own id for it; null when it has none. */
  id: string | null;
}

/** What CRMs call it; without case, spaces and signs. */
const words: Readonly<Record<OutcomeKind | 'undecided', string>> = {
  accepted:
    'accepted accept sal salesaccepted salesacceptedlead acceptedbysales akzeptiert angenommen accepté',
  rejected:
    'rejected reject disqualified unqualified notqualified salesrejected rejectedbysales closednotconverted recycled junk junklead abgelehnt rejeté',
  qualified:
    'qualified sql salesqualified salesqualifiedlead converted closedconverted opportunity qualifiedtobuy qualifiziert qualifié',
  won: 'won closedwon dealwon customer gewonnen gagné',
  lost: 'lost closedlost deallost verloren perdu',
  // Lead statuses, stages of deals and lifecycles of Salesforce, HubSpot and Pipedrive as they are delivered.
  undecided:
    'open new working inprogress contacted connected attemptedtocontact opendeal badtiming nurturing opennotcontacted workingcontacted ' +
    'prospecting qualification needsanalysis valueproposition iddecisionmakers perceptionanalysis proposalpricequote negotiationreview ' +
    'proposal negotiation appointmentscheduled presentationscheduled decisionmakerboughtin contractsent ' +
    'subscriber lead mql marketingqualifiedlead deleted offen ouvert',
};

const byWord = new Map(
  Object.entries(words).flatMap(([kind, names]) =>
    names.split(' ').map(name => [name, kind as OutcomeKind | 'undecided']),
  ),
);

/** What else there is to know where outcomes are read. */
export interface OutcomeReading {
  /** Nothing after it has happened. */
  now: Instant;
  /** What amounts are in that do not say it. */
  currency: string | null;
  currencies: Currencies;
  /** Which number of a date with slashes comes first. */
  dates: 'month' | 'day';
}

/** An outcome that was understood; or one that is none yet; or why it cannot be used. */
export type ReadOutcome =
  { row: OutcomeRow; notes: string[] } | { passedOver: true } | { reason: string };

/** Reads what a row says, by the names of its cells. */
export function readOutcome(
  values: ReadonlyMap<OutcomeColumn, string>,
  { now, currency: usual, currencies, dates }: OutcomeReading,
): ReadOutcome {
  const word = values.get('outcome');
  if (word === undefined) return { reason: 'says no outcome' };
  const kind = byWord.get(word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
  if (kind === undefined)
    return { reason: `"${word}" is no outcome.${suggestion(word, outcomeKinds)}` };
  if (kind === 'undecided') return { passedOver: true };
  const address = normalizeAddress(values.get('email') ?? '');
  if ('reason' in address) return address;
  const own =
    kind === 'won' ? values.get('won_at') : kind === 'lost' ? values.get('lost_at') : null;
  const date = own ?? values.get('at');
  if (date === undefined) return { reason: 'says no date' };
  const at = parseMoment(date, dates);
  if (at === null) return { reason: `the date "${date}" was not understood` };
  if (at > now) return { reason: `the date "${date}" lies in the future` };
  const row: OutcomeRow = {
    address: address.address,
    kind,
    at,
    reason: kind === 'rejected' || kind === 'lost' ? (values.get('reason') ?? null) : null,
    money: null,
    id: values.get('id') ?? null,
  };
  const amount = values.get('amount');
  if (kind !== 'won' || amount === undefined) return { row, notes: [] };
  const named = values.get('currency');
  const currency = named === undefined ? usual : currencyCode(named, currencies);
  if (named !== undefined && currency === null)
    return { reason: `"${named}" is no currency; use its three letters, such as EUR` };
  const money = parseMoney(amount, currency, currencies);
  if (money === null && currency === null && parseMoney(amount, 'EUR', currencies) !== null)
    return { reason: `the amount "${amount}" is in no currency; say which, such as EUR` };
  if (money === null) return { reason: `the amount "${amount}" was not understood` };
  return { row: { ...row, money }, notes: [] };
}
