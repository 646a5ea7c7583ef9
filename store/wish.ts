import { wishInWords, type Wish } from '../domain/event/event.ts';
import type { EventId, LeadId } from '../domain/ids.ts';
import { plus, type Instant } from '../domain/instant.ts';
import { sql, unlessDeadlocked, type Database, type Session } from './database.ts';
import { ingestEvents, naturalHash } from './event.ts';
import { survivorOf } from './lead.ts';
import { isNeverMailed } from './suppression.ts';

/** What a lead that is called `l` in a statement said last of staying in touch. */
const lastWish = sql`SELECT w.id, w.kind, w.at FROM event w
  WHERE w.lead_id = l.id AND w.kind IN ('stay', 'quiet') ORDER BY w.at DESC, w.id DESC LIMIT 1`;

/** Since when a lead, in a statement in which it is called `l`, wants to be left alone; null when it does not. */
export const quietSince = sql`(SELECT at FROM (${lastWish}) AS last WHERE kind = 'quiet')`;

/** Whether it does. */
export const isQuiet = sql`${quietSince} IS NOT NULL`;

/** The same as JSON, with the moment; null when it said nothing. */
export const wishAsJson = sql`(
  SELECT jsonb_build_object('wish', kind, 'at', ms(at)) FROM (${lastWish}) AS last)`;

/** What a lead said of staying in touch. */
export interface Wished {
  /** What holds; null when it said nothing. */
  wish: Wish | null;
  /** Whether it is never mailed, whatever it says. */
  neverMailed: boolean;
}

/**
 * What a lead said last; of one that was merged, its survivor.
 * @returns null when there is no such lead
 */
export async function wishOf(session: Session, lead: LeadId): Promise<Wished | null> {
  const last = await lastOf(session, lead);
  return last && { wish: last.wish, neverMailed: last.neverMailed };
}

async function lastOf(
  session: Session,
  lead: LeadId,
): Promise<(Wished & { event: EventId | null; at: Instant | null }) | null> {
  const survivor = await survivorOf(session, lead);
  const [row] = await session.$queryRaw<
    (Wished & { event: EventId | null; at: Instant | null })[]
  >(sql`
    SELECT last.id AS event, last.kind AS wish, ms(last.at)::float8 AS at, ${isNeverMailed} AS "neverMailed"
    FROM lead l LEFT JOIN LATERAL (${lastWish}) AS last ON true WHERE l.id = ${survivor}::uuid`);
  return row ?? null;
}

/** What became of something that a lead said. */
export interface Said extends Wished {
  /** Whether it had not said so before. */
  isNew: boolean;
  /** Leads that had nothing unseen before, and so have not been nudged yet. */
  toNudge: LeadId[];
}

/** More than this many who speak for one lead at a time mean that something is wrong. */
const patience = 20;

/**
 * Notes what a lead says of staying in touch, and that its workflow is to look. Saying it twice is saying it once.
 * Each is said after the one before, so that of two at the same time one is the last for everybody.
 * @returns null when there is no such lead; whoever is never mailed is not heard, because nothing would come of it
 */
export async function sayWish(
  database: Database,
  lead: LeadId,
  wish: Wish,
  at: Instant,
): Promise<Said | null> {
  for (let attempt = 1; attempt <= patience; attempt++) {
    const before = await lastOf(database, lead);
    if (before === null) return null;
    const { neverMailed, event } = before;
    if (neverMailed || before.wish === wish)
      return { wish: before.wish, neverMailed, isNew: false, toNudge: [] };
    const key = naturalHash(`wish/${lead}/${event ?? 'first'}`);
    const arrival = {
      ...{ providerKey: `page/${key}`, naturalHash: key, kind: wish, subject: wishInWords[wish] },
      // After the one before also where another host's clock is behind.
      at: before.at === null ? at : (Math.max(at, plus(before.at, 1)) as Instant),
      ...{ holdUntil: null, leadId: lead, sendId: null, providerId: null, address: null },
      detail: null,
    };
    const { stored, toNudge } = await unlessDeadlocked(() => ingestEvents(database, [arrival], at));
    if (stored > 0) return { wish, neverMailed, isNew: true, toNudge };
  }
  throw new Error('A lead says ever something else.');
}
