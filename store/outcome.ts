import type { Instant } from '../domain/instant.ts';
import type { OutcomeRow } from '../domain/outcome/outcome.ts';
import { json, newId, sql, type Session } from './database.ts';
import { naturalHash } from './event.ts';
import { addressHash } from './suppression.ts';

/** An outcome, and the system that says so. */
export interface GivenOutcome {
  source: string;
  row: OutcomeRow;
}

/** What an outcome did; nothing, when no lead has its address. */
export type OutcomeEffect = 'new' | 'updated' | 'unchanged' | 'nobody';

/**
 * Stores outcomes in one statement: one for each source and id, and what is said of it later replaces what was said
 * before, also within a batch. One without an id is told by what it says. The same batch again changes nothing.
 * @returns the effect of each, in order
 */
export async function storeOutcomes(
  session: Session,
  outcomes: readonly GivenOutcome[],
  at: Instant,
): Promise<OutcomeEffect[]> {
  if (outcomes.length === 0) return [];
  const given = outcomes.map(({ source, row }, n) => ({
    n,
    id: newId(),
    source,
    externalId: row.id ?? `content/${contentHash(row)}`,
    address: row.address,
    kind: row.kind,
    reason: row.reason,
    amountMinor: row.money === null ? null : String(row.money.minor),
    currency: row.money?.currency ?? null,
    at: row.at,
  }));
  const rows = await session.$queryRaw<{ n: number; effect: OutcomeEffect }[]>(sql`
    WITH given AS MATERIALIZED (
      SELECT g.*, coalesce(known.id, alias.lead_id) AS lead,
        CASE WHEN known.id IS NULL THEN alias.merge_id END AS merge
      FROM jsonb_to_recordset(${json(given)}::jsonb) AS g(
        n int, id uuid, source text, "externalId" text, address text, kind text, reason text,
        "amountMinor" bigint, currency text, at bigint)
      LEFT JOIN lead known ON known.address = g.address
      LEFT JOIN lead_alias alias ON alias.address = g.address),
    last AS (
      SELECT DISTINCT ON (source, "externalId") * FROM given WHERE lead IS NOT NULL
      ORDER BY source, "externalId", n DESC),
    written AS (
      INSERT INTO outcome (id, source, external_id, lead_id, kind, reason, amount_minor, currency, at, recorded_at, merge_id)
      SELECT id, source, "externalId", lead, kind, reason, "amountMinor", currency, moment(at), moment(${at}::bigint), merge
      FROM last ORDER BY source, "externalId"
      ON CONFLICT (source, external_id) DO UPDATE SET
        lead_id = excluded.lead_id, kind = excluded.kind, reason = excluded.reason,
        amount_minor = excluded.amount_minor, currency = excluded.currency,
        at = excluded.at, recorded_at = excluded.recorded_at, merge_id = excluded.merge_id
      WHERE (outcome.lead_id, outcome.merge_id, outcome.kind, outcome.reason, outcome.amount_minor, outcome.currency, outcome.at)
        IS DISTINCT FROM (excluded.lead_id, excluded.merge_id, excluded.kind, excluded.reason, excluded.amount_minor, excluded.currency, excluded.at)
      RETURNING id, source, external_id)
    SELECT g.n, CASE WHEN g.lead IS NULL THEN 'nobody' WHEN w.id IS NULL THEN 'unchanged'
      WHEN w.id = l.id THEN 'new' ELSE 'updated' END AS effect
    FROM given g
    LEFT JOIN last l ON l.source = g.source AND l."externalId" = g."externalId"
    LEFT JOIN written w ON w.source = g.source AND w.external_id = g."externalId"
    ORDER BY g.n`);
  return rows.map(({ effect }) => effect);
}

function contentHash({ address, kind, at, reason, money }: OutcomeRow): string {
  const amount = money === null ? '' : `${money.minor} ${money.currency}`;
  return naturalHash([addressHash(address), kind, at, reason ?? '', amount].join('\n'));
}
