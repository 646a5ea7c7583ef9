import { readColumns, type Columns, type HeadingBook } from '../document/columns.ts';
import { parseMoment } from '../document/moment.ts';
import { suggestion } from '../document/nearest.ts';
import type { Instant } from '../instant.ts';
import { normalizeAddress, type Address } from '../lead/address.ts';
import { addressHeadings } from '../lead/headings.ts';

/** What a file may tell of the past. A reply or a meeting calls a rep at once, so those are told as they happen. */
export const pastKinds = ['page', 'form', 'download', 'webinar'] as const;
export type PastKind = (typeof pastKinds)[number];

/** What a column of a file of events can be. */
export type EventColumn = 'email' | 'event' | 'name' | 'at';

/** Something that a lead did before. */
export interface PastEvent {
  address: Address;
  kind: PastKind;
  /** A page's path, a form's, file's or webinar's name. */
  subject: string | null;
  at: Instant;
}

const book: HeadingBook<EventColumn> = {
  headings: {
    email: addressHeadings,
    event: 'event eventtype eventkind kind activitytype activity type conversiontype',
    name: 'name subject eventname pagepath path page pageurl url link formname form conversion filename file asset webinar webinarname title',
    at: 'date at time timestamp eventdate eventtime occurredat activitydate activitytime datetime createdat submittedon conversiondate',
  },
  needed: [
    { kinds: ['email'], called: 'addresses' },
    { kinds: ['event'], called: 'kinds of events' },
    { kinds: ['at'], called: 'dates' },
  ],
};

/**
 * Understands the header row of a file of events.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 */
export function readEventHeadings(
  header: readonly string[],
  map: readonly string[],
): { columns: Columns<EventColumn> } | { problems: string[] } {
  return readColumns(header, map, book);
}

/** What other systems call it; without case, spaces and signs. */
const words: Readonly<Record<PastKind, string>> = {
  page: 'page pageview pagevisit visit visitedpage viewedpage visitedwebpage websitevisit webvisit',
  form: 'form formsubmission formsubmitted submittedform formfill filledoutform fillsoutform formsubmit',
  download: 'download filedownload downloaded contentdownload assetdownload downloadedfile',
  webinar: 'webinar webinarattended attendedwebinar webinarattendance attendwebinar',
};

const byWord = new Map(
  Object.entries(words).flatMap(([kind, names]) =>
    names.split(' ').map(name => [name, kind as PastKind]),
  ),
);

/** Kinds that are not told by a file, each with why. */
const others: Readonly<Record<string, string>> = {
  click: 'clicks come from the mail provider alone',
  open: 'an open counts for nothing',
  reply: 'a reply calls a rep at once, so it is told as it happens: POST /v1/events',
  booked: 'a meeting calls a rep at once, so it is told as it happens: POST /v1/events',
  bounce: 'a bounce is told by the mail provider; --map a column of the leads to opted_out',
  unsubscribe: 'who left is told with the leads: --map a column to opted_out',
};

/** No system of today knows of anything before. */
const earliest = Date.parse('1990-01-01T00:00:00Z');

/**
 * Reads what a row says, by the names of its cells.
 * @param now nothing after it has happened
 * @param dates which number of a date with slashes comes first
 */
export function readPastEvent(
  values: ReadonlyMap<EventColumn, string>,
  now: Instant,
  dates: 'month' | 'day',
): { row: PastEvent; notes: string[] } | { reason: string } {
  const address = normalizeAddress(values.get('email') ?? '');
  if ('reason' in address) return address;
  const word = values.get('event');
  if (word === undefined) return { reason: 'says no kind of event' };
  const squeezed = word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const kind = byWord.get(squeezed);
  const why = others[squeezed];
  if (kind === undefined)
    return {
      reason: why ?? `"${word}" is no event that a file can tell.${suggestion(word, pastKinds)}`,
    };
  const date = values.get('at');
  if (date === undefined) return { reason: 'says no date' };
  const at = parseMoment(date, dates);
  if (at === null) return { reason: `the date "${date}" was not understood` };
  if (at > now) return { reason: `the date "${date}" lies in the future` };
  if (at < earliest) return { reason: `the date "${date}" lies before 1990` };
  const name = values.get('name') ?? null;
  const subject = kind === 'page' && name !== null ? pathOf(name) : name;
  return { row: { address: address.address, kind, subject, at }, notes: [] };
}

/** The path of a page's address, which is what the agreement's names are told by. */
function pathOf(page: string): string {
  const path = /^https?:\/\/[^/?#]+([^?#]*)/i.exec(page)?.[1];
  return path === undefined ? (/^\/[^?#]*/.exec(page)?.[0] ?? page) : path || '/';
}
