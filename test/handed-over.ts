import type { EnrollmentId, EscalationId, LeadId, PersonId } from '../domain/ids.ts';
import { day, minute, plus } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { Clock } from '../engine/clock.ts';
import { recordAnswer } from '../store/answer.ts';
import { newId, type Database } from '../store/database.ts';
import { endEscalation, escalate } from '../store/escalation.ts';
import { openSource } from '../store/lead.ts';
import { aLead } from './program.ts';

/** A lead that sales was given a minute ago, as rows alone: no workflow looks after it. */
export interface HandedOver {
  fields?: Partial<LeadFields>;
  source?: string;
  segment?: string | null;
  /** The sequence that mailed it last; null where none did. */
  sequence?: string | null;
  /** What its title gave to fit, 0 to 100; null where it had none. */
  titleGave?: number | null;
  /** Whose it is, by their key. */
  owner?: string;
  /** What its owner said: nothing, how far it came, or why not. */
  said?: 'accepted' | 'contacted' | 'qualified' | { rejected: string } | null;
}

export async function handedOver(
  { database, clock }: { database: Database; clock: Clock },
  how: HandedOver = {},
): Promise<{ lead: LeadId; escalation: EscalationId }> {
  const { source = 'test', segment = null, sequence = null, titleGave = 100, said = null } = how;
  const now = clock.now();
  const at = plus(now, -minute);
  const lead = await aLead({ database, clock }, how.fields);
  const sourceId = await openSource(database, source, null, now);
  await database.lead.update({ where: { id: lead }, data: { sourceId } });
  if (sequence !== null) await mailed(database, lead, sequence, new Date(plus(now, -day)));
  const { id: agreementId } = await database.agreement.findFirstOrThrow({
    where: { activeSlot: 1 },
  });
  const points = (titleGave ?? 0) * 100;
  const gave = { raw: titleGave ?? 0, missing: titleGave === null, points };
  const score = await database.score.create({
    data: {
      ...{ id: newId(), leadId: lead, agreementId, at: new Date(at), fit: points, engagement: 0 },
      ...{ fitBand: 'A', engagementBand: 4, grade: 'B', handRaised: true },
      lines: [{ axis: 'fit', rule: 'title', share: 10_000, ...gave }],
    },
  });
  const { id } = await database.person.findUniqueOrThrow({
    where: { key: how.owner ?? 'sophie' },
  });
  const person = id as PersonId;
  const escalation = await database.transaction(session =>
    escalate(session, {
      ...{ leadId: lead, originKey: `${lead}/1`, scoreId: score.id, enrollmentId: null },
      ...{ grade: 'B', cause: 'hand raise', segment, at, joins: null },
      route: { person, cause: 'routed', reason: 'in territory' },
      acceptDueAt: plus(at, day),
      contactDueAt: plus(at, day),
    }),
  );
  if (said === null) return { lead, escalation };
  const { kind, reason } =
    typeof said === 'string'
      ? { kind: said, reason: null }
      : { kind: 'rejected' as const, reason: said.rejected };
  const feedbackDueAt = kind === 'contacted' || kind === 'qualified' ? plus(now, 7 * day) : null;
  const answer = { escalationId: escalation, personId: person, kind, reason, feedbackDueAt };
  await recordAnswer(database, { ...answer, way: 'page' }, now);
  if (kind === 'rejected')
    await database.transaction(session => endEscalation(session, escalation, 'rejected', {}, now));
  return { lead, escalation };
}

/** A mail of a sequence that the lead was in. */
async function mailed(database: Database, leadId: LeadId, name: string, at: Date): Promise<void> {
  const { currentId: versionId } = await database.sequence.findUniqueOrThrow({ where: { name } });
  const id = newId<EnrollmentId>();
  const ended = { endedAt: at, endReason: 'finished' };
  await database.enrollment.create({
    data: {
      ...{ id, leadId, versionId, originKey: `test/${id}`, dueAt: at, createdAt: at, ...ended },
    },
  });
  await database.send.create({
    data: {
      ...{ id: newId(), enrollmentId: id, leadId, stepKey: '1', contentKey: `${name}/welcome` },
      ...{ state: 'accepted', attemptToken: newId(), attemptedAt: at, at },
    },
  });
}
