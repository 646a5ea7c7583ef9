import type { Grade } from '../domain/agreement/grade.ts';
import type { Instant } from '../domain/instant.ts';
import type { SendState } from '../domain/nurture/facts.ts';
import { sql, type Session } from './database.ts';

/**
 * Everything that a program did with its leads, told by what people know: addresses, names of mails and of
 * people, moments. No id of a database is in it, so two databases in which the same happened tell the same.
 * Each list is in the order of time, then of addresses.
 */
export interface WhatHappened {
  /** Every lead that is known, by address, and its grade now. */
  leads: { lead: string; at: Instant; grade: Grade | null }[];
  mails: { lead: string; at: Instant; sequence: string; step: string; state: SendState }[];
  /** Each score that was kept: the grade is that from then on. Points in hundredths. */
  scores: { lead: string; at: Instant; grade: Grade; fit: number; engagement: number }[];
  enrollments: {
    lead: string;
    at: Instant;
    sequence: string;
    segment: string | null;
    endedAt: Instant | null;
    endReason: string | null;
  }[];
  escalations: {
    lead: string;
    at: Instant;
    grade: Grade;
    cause: string;
    /** The owner's key in `people.yaml`. */
    owner: string;
    acceptDueAt: Instant;
    endedAt: Instant | null;
  }[];
  answers: { lead: string; at: Instant; kind: string; reason: string | null; by: string }[];
  /** What leads did themselves: clicks, visits, forms, replies, leaving. */
  engagements: { lead: string; at: Instant; kind: string; subject: string | null }[];
}

/** Reads it all: for programs of thousands of leads, not of millions. */
export async function whatHappened(session: Session): Promise<WhatHappened> {
  const [row] = await session.$queryRaw<{ told: WhatHappened }[]>(sql`
    SELECT jsonb_build_object(
      'leads', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', address, 'at', ms(created_at), 'grade', grade) ORDER BY created_at, address), '[]')
        FROM lead WHERE address IS NOT NULL),
      'mails', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(s.at), 'sequence', v.name, 'step', s.step_key, 'state', s.state)
          ORDER BY s.at, l.address, s.step_key), '[]')
        FROM send s JOIN lead l ON l.id = s.lead_id JOIN enrollment e ON e.id = s.enrollment_id
        JOIN sequence_version v ON v.id = e.version_id WHERE l.address IS NOT NULL),
      'scores', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(s.at), 'grade', s.grade, 'fit', s.fit, 'engagement', s.engagement)
          ORDER BY s.at, l.address, s.engagement), '[]')
        FROM score s JOIN lead l ON l.id = s.lead_id WHERE l.address IS NOT NULL),
      'enrollments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(e.created_at), 'sequence', v.name, 'segment', e.segment,
          'endedAt', ms(e.ended_at), 'endReason', e.end_reason) ORDER BY e.created_at, l.address, v.name), '[]')
        FROM enrollment e JOIN lead l ON l.id = e.lead_id
        JOIN sequence_version v ON v.id = e.version_id WHERE l.address IS NOT NULL),
      'escalations', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(x.created_at), 'grade', x.grade, 'cause', x.cause, 'owner', p.key,
          'acceptDueAt', ms(x.accept_due_at), 'endedAt', ms(x.ended_at)) ORDER BY x.created_at, l.address), '[]')
        FROM escalation x JOIN lead l ON l.id = x.lead_id JOIN person p ON p.id = x.owner_id
        WHERE l.address IS NOT NULL),
      'answers', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(d.at), 'kind', d.kind, 'reason', d.reason, 'by', p.key)
          ORDER BY d.at, l.address, d.seq), '[]')
        FROM disposition d JOIN escalation x ON x.id = d.escalation_id JOIN lead l ON l.id = x.lead_id
        JOIN person p ON p.id = d.person_id WHERE l.address IS NOT NULL),
      'engagements', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'lead', l.address, 'at', ms(e.at), 'kind', e.kind, 'subject', e.subject)
          ORDER BY e.at, l.address, e.kind, e.subject), '[]')
        FROM event e JOIN lead l ON l.id = e.lead_id
        WHERE l.address IS NOT NULL
          AND e.kind NOT IN ('processed', 'deferred', 'delivered', 'open', 'unknown'))
    ) AS told`);
  if (row === undefined) throw new Error('A statement without a condition gave no row.');
  return row.told;
}

/** The addresses of leads whose next mail waits for somebody to mend it. */
export async function blockedLeads(session: Session): Promise<string[]> {
  const rows = await session.$queryRaw<{ address: string }[]>(sql`
    SELECT l.address FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.ended_at IS NULL AND e.blocked IS NOT NULL AND l.address IS NOT NULL ORDER BY l.address`);
  return rows.map(({ address }) => address);
}
