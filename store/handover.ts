import type { Joining } from '../domain/escalation/joining.ts';
import type { SaidBefore } from '../domain/escalation/told.ts';
import type { AssignmentId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { sql, type Session } from './database.ts';
import type { EscalationState } from './escalation.ts';
import { leadFields } from './lead-fields.ts';

/** What a rep is told with a lead, beside who it is and why it is theirs now. */
export interface Handover {
  /** What sales said when the lead was with them the last time, newest first: at most three things. */
  lastTime: SaidBefore[];
  /** What the lead was sent, newest first: at most five mails. */
  mails: SentMail[];
  /** The lead of the same account that was with sales when this one crossed. */
  joins: Joined | null;
}

/** A mail of a sequence that a lead was sent. */
export interface SentMail {
  at: Instant;
  /** The mail's name, such as `01-welcome`. */
  name: string;
  /** As the marketer wrote it; null when the version that the lead is in now has it no more. */
  subject: string | null;
  /** Who mailed. */
  company: string;
}

export interface Joined extends Joining {
  lead: LeadFields;
  /** The last assignment of the other's escalation, which its page is of. */
  assignment: AssignmentId;
}

/**
 * What there is to tell of a lead that is handed to a rep; null when there is no such escalation.
 * @param at nothing later is told
 */
export async function handoverOf(
  session: Session,
  { id, owner }: Pick<EscalationState, 'id' | 'owner'>,
  at: Instant,
): Promise<Handover | null> {
  const [row] = await session.$queryRaw<{ told: Handover }[]>(sql`
    SELECT jsonb_build_object(
      'lastTime', coalesce((
        SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'reason', d.reason, 'note', d.note,
          'wakeAt', ms(d.wake_at), 'at', ms(d.at), 'person', p.name) ORDER BY d.seq DESC)
        FROM (
          SELECT b.id FROM escalation b
          WHERE b.lead_id = x.lead_id AND b.id <> x.id AND b.ended_at IS NOT NULL AND b.created_at < x.created_at
            AND EXISTS (SELECT FROM disposition WHERE escalation_id = b.id)
          ORDER BY b.created_at DESC, b.id DESC LIMIT 1) last
        CROSS JOIN LATERAL (
          SELECT * FROM disposition WHERE escalation_id = last.id ORDER BY seq DESC LIMIT 3) d
        JOIN person p ON p.id = d.person_id), '[]'),
      'mails', coalesce((
        SELECT jsonb_agg(jsonb_build_object('at', ms(s.at), 'name', s.step_key,
          'subject', v.content->'mails'->(s.step_key || coalesce('/' || s.variant, ''))->>'subject', 'company', v.content->'brand'->>'company')
          ORDER BY s.at DESC, s.id DESC)
        FROM (
          SELECT * FROM send
          WHERE lead_id = x.lead_id AND state IN ('accepted', 'unknown') AND at <= moment(${at}::bigint)
          ORDER BY at DESC, id DESC LIMIT 5) s
        JOIN enrollment e ON e.id = s.enrollment_id
        JOIN sequence_version v ON v.id = e.version_id), '[]'),
      'joins', (
        SELECT jsonb_build_object('lead', ${leadFields}, 'state', j.state, 'rep', p.name,
          'isTheirs', p.id = ${owner.id}::uuid,
          'account', coalesce(a.name, (SELECT company FROM lead WHERE id = x.lead_id), a.domain),
          'assignment', (SELECT id FROM assignment WHERE escalation_id = j.id ORDER BY n DESC LIMIT 1),
          'count', (
            SELECT count(*)::int FROM lead c JOIN open_slot o ON o.lead_id = c.id
            JOIN escalation y ON y.id = o.escalation_id
            WHERE c.account_id = a.id AND y.owner_id = ${owner.id}::uuid))
        FROM escalation j JOIN lead l ON l.id = j.lead_id JOIN person p ON p.id = j.owner_id
        JOIN account a ON a.id = l.account_id
        -- Who turned out to be the same person is nobody to join.
        WHERE j.id = x.joins_id AND j.lead_id <> x.lead_id)
    ) AS told
    FROM escalation x WHERE x.id = ${id}::uuid`);
  return row?.told ?? null;
}
