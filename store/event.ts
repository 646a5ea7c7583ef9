import { hash } from 'node:crypto';
import type { EventKind } from '../domain/event/event.ts';
import { nudges, suppressingKinds } from '../domain/event/event.ts';
import type { EventId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { json, newId, sql, type Session } from './database.ts';

/** An event as it arrived, before it is known whose it is. */
export interface ArrivedEvent {
  /** The sender's own id for it. */
  providerKey: string;
  /** What tells it by its content: {@link naturalHash}. */
  naturalHash: string;
  kind: EventKind;
  subject: string | null;
  at: Instant;
  holdUntil: Instant | null;
  /**
   * Whose it is, by whatever the sender told: a lead that was merged stands for its survivor. Beside a lead, the
   * address says which of the person's it came by.
   */
  leadId: string | null;
  sendId: string | null;
  providerId: string | null;
  address: Address | null;
  detail: Record<string, unknown> | null;
}

/** 128 bits of SHA-256 as a UUID: what two tellings of one event have in common, in any order and form. */
export function naturalHash(content: string): string {
  return hash('sha256', content, 'hex').slice(0, 32);
}

/** What became of a batch. */
export interface Ingested {
  /** Events that were not there before. */
  stored: number;
  /** Leads that had nothing unseen before, and so have not been nudged yet. */
  toNudge: LeadId[];
}

/**
 * Stores a batch in one statement: new events once, by either key; suppressions; the revisions of
 * the leads that they can change; and that a mail left of which that is not known. Committed when it
 * returns. What happened longer ago than any rule of the active agreement looks back is kept and changes
 * nothing, unless it is about a mail, which a branch may ask for. Whose an event is, is looked for in one way after
 * another until one says it. Rows are locked in the order of their ids and keys inserted in theirs, so that
 * overlapping batches seldom deadlock; the caller does it again when they do.
 */
export async function ingestEvents(
  session: Session,
  events: readonly ArrivedEvent[],
  receivedAt: Instant,
): Promise<Ingested> {
  if (events.length === 0) return { stored: 0, toNudge: [] };
  // What is not there is not said: the database takes it for null, and has less to read.
  const rows = events.map(event => ({
    id: newId<EventId>(),
    providerKey: event.providerKey,
    naturalHash: event.naturalHash,
    kind: event.kind,
    subject: event.subject ?? undefined,
    at: event.at,
    holdUntil: event.holdUntil ?? undefined,
    leadId: event.leadId ?? undefined,
    sendId: event.sendId ?? undefined,
    providerId: event.providerId ?? undefined,
    address: event.address ?? undefined,
    suppresses: (suppressingKinds as readonly string[]).includes(event.kind) || undefined,
    nudges: nudges(event.kind) || undefined,
    detail: event.detail ?? undefined,
  }));
  const [row] = await session.$queryRaw<{ stored: number; leads: LeadId[] | null }[]>(sql`
    WITH arrived AS MATERIALIZED (
      SELECT DISTINCT ON (a."naturalHash") a.*,
        coalesce(gone.survivor_id, sent.lead_id, told.lead_id, l.id, known.id, alias.lead_id) AS owner,
        coalesce(gone.id, CASE
          WHEN sent.id IS NOT NULL THEN sent.merge_id
          WHEN told.id IS NOT NULL THEN told.merge_id
          WHEN alias.lead_id = coalesce(l.id, known.id, alias.lead_id) THEN alias.merge_id END) AS merge,
        coalesce(sent.id, told.id) AS send,
        coalesce(sent.state, told.state) IN ('dispatching', 'unknown') AS "isOpen",
        a.nudges AND (a.suppresses OR coalesce(sent.id, told.id) IS NOT NULL OR a.at > coalesce(${receivedAt}::bigint
          - (SELECT lookback_ms FROM agreement WHERE active_slot = 1), a.at - 1)) AS counts
      FROM json_to_recordset(${json(rows)}::json) AS a(
        id uuid, "providerKey" text, "naturalHash" uuid, kind text, subject text, at bigint,
        "holdUntil" bigint, "leadId" uuid, "sendId" uuid, "providerId" text, address text,
        suppresses boolean, nudges boolean, detail jsonb)
      LEFT JOIN send sent ON sent.id = a."sendId"
      LEFT JOIN LATERAL (SELECT id, lead_id, merge_id, state FROM send
        WHERE sent.id IS NULL AND provider_id = a."providerId" LIMIT 1) told ON true
      LEFT JOIN LATERAL (SELECT id FROM lead
        WHERE coalesce(sent.id, told.id) IS NULL AND id = a."leadId" LIMIT 1) l ON true
      LEFT JOIN LATERAL (SELECT id FROM lead
        WHERE coalesce(sent.id, told.id) IS NULL AND address = a.address LIMIT 1) known ON true
      LEFT JOIN LATERAL (SELECT lead_id, merge_id FROM lead_alias
        WHERE coalesce(sent.id, told.id) IS NULL AND address = a.address LIMIT 1) alias ON true
      LEFT JOIN merge gone ON gone.undone_at IS NULL
        AND gone.merged_id = coalesce(sent.lead_id, told.lead_id, l.id, known.id, alias.lead_id)
      ORDER BY a."naturalHash"),
    locked AS MATERIALIZED (
      SELECT id FROM lead WHERE id IN (SELECT owner FROM arrived WHERE counts)
      ORDER BY id FOR NO KEY UPDATE),
    inserted AS (
      INSERT INTO event (id, provider_key, natural_hash, lead_id, send_id, kind, subject, at, received_at, hold_until, detail, merge_id)
      SELECT id, "providerKey", "naturalHash", owner, send, kind, subject, moment(at),
        moment(${receivedAt}::bigint), moment("holdUntil"), detail, merge
      FROM arrived WHERE (SELECT count(*) FROM locked) >= 0
      ORDER BY "naturalHash"
      ON CONFLICT DO NOTHING
      RETURNING id),
    fresh AS (SELECT arrived.* FROM arrived JOIN inserted USING (id)),
    suppressed AS (
      INSERT INTO suppression (address_hash, scope, reason, at)
      SELECT DISTINCT ON (hash) hash, 'all', kind, moment(at)
      FROM (SELECT kind, fresh.at, encode(sha256(coalesce(
          CASE WHEN fresh."leadId" IS NULL THEN fresh.address END, own.address, l.address)::bytea), 'hex') AS hash
        FROM fresh LEFT JOIN lead l ON l.id = fresh.owner
        LEFT JOIN lead_alias own ON own.merge_id = fresh.merge AND own.main WHERE suppresses) AS gone
      WHERE hash IS NOT NULL
      ORDER BY hash
      ON CONFLICT DO NOTHING),
    settled AS (
      UPDATE send SET confirmed = true,
        state = CASE send.state WHEN 'unknown' THEN 'accepted' ELSE send.state END,
        provider_id = coalesce(send.provider_id, fresh."providerId")
      FROM fresh WHERE fresh."isOpen" AND fresh.send = send.id AND send.state IN ('dispatching', 'unknown')
        AND fresh.kind IN ('processed', 'deferred', 'delivered', 'dropped', 'bounce', 'blocked')),
    raised AS (
      UPDATE lead SET revision = revision + 1, revised_at = moment(${receivedAt}::bigint)
      FROM locked WHERE lead.id = locked.id AND lead.id IN (SELECT owner FROM fresh WHERE counts)
      RETURNING lead.id, lead.revision - 1 = lead.seen_revision AS caught_up)
    SELECT (SELECT count(*)::int FROM fresh) AS stored,
      (SELECT array_agg(id) FROM raised WHERE caught_up) AS leads`);
  return { stored: row?.stored ?? 0, toNudge: row?.leads ?? [] };
}
