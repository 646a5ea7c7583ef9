import type { Grade } from '../domain/agreement/grade.ts';
import type { Watched } from '../domain/escalation/watch.ts';
import type { EscalationId, PersonId } from '../domain/ids.ts';
import { sql, type Session } from './database.ts';

/** An escalation as it is decided on while nobody else can move it on. */
export type HeldEscalation = Omit<Watched, 'told' | 'owner'> & {
  grade: Grade;
  owner: Watched['owner'] & { id: PersonId };
};

/** Holds an escalation until the transaction ends: whoever else would move it on waits, and sees then what became of it. */
export async function holdEscalation(
  session: Session,
  id: EscalationId,
): Promise<HeldEscalation | null> {
  await session.$queryRaw(sql`SELECT FROM escalation WHERE id = ${id}::uuid FOR NO KEY UPDATE`);
  const [row] = await session.$queryRaw<{ held: HeldEscalation }[]>(sql`
    SELECT jsonb_build_object('state', x.state, 'grade', x.grade, 'acceptDueAt', ms(x.accept_due_at),
      'contactDueAt', ms(x.contact_due_at), 'feedbackDueAt', ms(x.feedback_due_at),
      'owner', jsonb_build_object('id', p.id, 'country', p.country, 'isActive', p.active),
      'assignment', (
        SELECT jsonb_build_object('id', a.id, 'at', ms(a.created_at), 'cause', a.cause)
        FROM assignment a WHERE a.escalation_id = x.id ORDER BY a.n DESC LIMIT 1),
      'dispositions', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('seq', d.seq, 'kind', d.kind) ORDER BY d.seq), '[]')
        FROM disposition d WHERE d.escalation_id = x.id),
      'extensions', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('clock', e.clock, 'at', ms(e.at)) ORDER BY e.id), '[]')
        FROM extension e WHERE e.escalation_id = x.id)) AS held
    FROM escalation x JOIN person p ON p.id = x.owner_id WHERE x.id = ${id}::uuid`);
  return row?.held ?? null;
}
