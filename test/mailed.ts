import type { EnrollmentId, EscalationId, LeadId, PersonId, SendId } from '../domain/ids.ts';
import { plus, type Instant } from '../domain/instant.ts';
import { recordAnswer, type Answer } from '../store/answer.ts';
import { newId, type Database } from '../store/database.ts';
import { escalate } from '../store/escalation.ts';
import { ingestEvents, type ArrivedEvent } from '../store/event.ts';
import { anArrival } from './program.ts';

/** A lead's way through a sequence, as rows alone: no workflow looks after it. */
export interface Mailed {
  lead: LeadId;
  enrollment: EnrollmentId;
  sequence: string;
}

/** An enrollment in the current version of a sequence, which has ended. */
export async function enrolled(
  database: Database,
  lead: LeadId,
  sequence: string,
  at: Instant,
  more: { segment?: string; cursor?: number } = {},
): Promise<Mailed> {
  const { currentId: versionId } = await database.sequence.findUniqueOrThrow({
    where: { name: sequence },
  });
  const enrollment = newId<EnrollmentId>();
  const moment = new Date(at);
  await database.enrollment.create({
    data: {
      ...{ id: enrollment, leadId: lead, versionId, originKey: `test/${enrollment}` },
      ...{ dueAt: moment, createdAt: moment, endedAt: moment, endReason: 'finished' },
      ...{ segment: more.segment ?? null, cursor: more.cursor ?? 1_000 },
    },
  });
  return { lead, enrollment, sequence };
}

/** A variant fell to a lead. */
export async function exposed(
  database: Database,
  { enrollment }: Mailed,
  split: string,
  variant: string,
  at: Instant,
): Promise<void> {
  const data = { enrollmentId: enrollment, split, variant, at: new Date(at) };
  await database.exposure.create({ data });
}

/** A mail left, unless another state is given. */
export async function mailed(
  database: Database,
  { lead, enrollment, sequence }: Mailed,
  step: string,
  at: Instant,
  more: { variant?: string; state?: string } = {},
): Promise<SendId> {
  const id = newId<SendId>();
  const moment = new Date(at);
  await database.send.create({
    data: {
      ...{ id, enrollmentId: enrollment, leadId: lead, stepKey: step },
      ...{ variant: more.variant ?? null, contentKey: `${sequence}/${step}` },
      ...{ state: more.state ?? 'accepted', attemptToken: newId() },
      reason: more.state === 'refused' ? 'test' : null,
      ...{ attemptedAt: moment, at: moment },
    },
  });
  return id;
}

/** The provider tells of a mail. */
export async function told(
  database: Database,
  sendId: SendId,
  ...events: Partial<ArrivedEvent>[]
): Promise<void> {
  const { leadId } = await database.send.findUniqueOrThrow({ where: { id: sendId } });
  const arrivals = events.map(event => anArrival(leadId as LeadId, { sendId, ...event }));
  for (const arrival of arrivals) await ingestEvents(database, [arrival], arrival.at);
}

/** A lead is handed to sales, who say this of it, a moment later. */
export async function handed(
  database: Database,
  lead: LeadId,
  at: Instant,
  ...said: (Pick<Answer, 'kind'> & Partial<Answer>)[]
): Promise<EscalationId> {
  const { id: agreementId } = await database.agreement.findFirstOrThrow({
    where: { activeSlot: 1 },
  });
  const score = await database.score.create({
    data: {
      ...{ id: newId(), leadId: lead, agreementId, at: new Date(at), fit: 0, engagement: 0 },
      ...{ fitBand: 'A', engagementBand: 4, grade: 'B', handRaised: true, lines: [] },
    },
  });
  const { id } = await database.person.findFirstOrThrow({ where: { catchAllSlot: 1 } });
  const person = id as PersonId;
  const escalation = await database.transaction(session =>
    escalate(session, {
      ...{ leadId: lead, originKey: newId(), scoreId: score.id, enrollmentId: null },
      ...{ grade: 'B', cause: 'hand raise', segment: null, at, joins: null },
      route: { person, cause: 'routed', reason: 'in territory' },
      acceptDueAt: plus(at, 1),
      contactDueAt: plus(at, 1),
    }),
  );
  for (const [n, answer] of said.entries()) {
    const given = {
      escalationId: escalation,
      personId: person,
      reason: null,
      way: 'page',
    } as const;
    const result = await recordAnswer(database, { ...given, ...answer }, plus(at, n + 1));
    if (!('recorded' in result)) throw new Error(`The answer was refused: ${result.refused}.`);
  }
  return escalation;
}
