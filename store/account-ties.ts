import type { EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** Who has to do with a lead already, each null when nobody does who is there. */
export interface AccountTies {
  /** Who owns the lead's account. */
  owner: PersonId | null;
  /** Who has another lead of the account; of several, whoever was asked last. */
  colleagueRep: PersonId | null;
  /** Who had the lead itself the last time. */
  lastRep: PersonId | null;
  /** The open escalation of the other lead, which this one joins. */
  joins: EscalationId | null;
}

/**
 * Who has to do with a lead already, by its account and by its own past. Two crossings of one account see each other
 * when this is asked in their transactions after the reps were locked.
 * @param at only escalations that the lead had before it are its past; of colleagues all that are open count, because
 *   another worker's clock may be a little ahead
 */
export async function accountTies(
  session: Session,
  leadId: LeadId,
  at: Instant,
): Promise<AccountTies> {
  const [ties] = await session.$queryRaw<AccountTies[]>(sql`
    SELECT owner.id AS owner, colleague.rep AS "colleagueRep", past.rep AS "lastRep", colleague.escalation AS joins
    FROM lead l
    LEFT JOIN account a ON a.id = l.account_id
    LEFT JOIN person owner ON owner.id = a.owner_id AND owner.active AND owner.team = 'sales'
    LEFT JOIN LATERAL (
      SELECT x.id AS escalation, p.id AS rep
      FROM lead other
      JOIN open_slot o ON o.lead_id = other.id
      JOIN escalation x ON x.id = o.escalation_id
      JOIN person p ON p.id = x.owner_id AND p.active
      WHERE other.account_id = l.account_id AND other.id <> l.id
      ORDER BY (SELECT max(s.created_at) FROM assignment s WHERE s.escalation_id = x.id) DESC, x.id DESC
      LIMIT 1) colleague ON true
    LEFT JOIN LATERAL (
      SELECT x.owner_id FROM escalation x
      WHERE x.lead_id = l.id AND x.created_at <= moment(${at}::bigint)
      ORDER BY x.created_at DESC, x.id DESC LIMIT 1) own ON true
    LEFT JOIN LATERAL (
      SELECT p.id AS rep FROM person p WHERE p.id = own.owner_id AND p.active) past ON true
    WHERE l.id = ${leadId}::uuid`);
  return ties ?? { owner: null, colleagueRep: null, lastRep: null, joins: null };
}
