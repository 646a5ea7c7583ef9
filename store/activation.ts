import type { ActivationId, AgreementId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { lockAgreements, makeActive } from './agreement.ts';
import { missingFrom, signaturesOf, type Team } from './approval.ts';
import { newId, sql, type Database, type Session } from './database.ts';

/** How far a version that was put into force has come with the leads. */
export interface ActivationState {
  id: ActivationId;
  agreementId: AgreementId;
  version: number;
  at: Instant;
  /** Leads that were there when it began. */
  total: number;
  /** The last lead that was graded anew, in the order of their ids. */
  lastLeadId: LeadId | null;
  looked: number;
  changed: number;
  /** Leads that crossed by it alone. */
  crossed: number;
  /** Those of them that were let through to sales. */
  released: number;
  gradedAt: Instant | null;
  endedAt: Instant | null;
}

/** Why a version was not put into force. */
export type ActivationRefusal =
  { refused: 'active already' } | { refused: 'unsigned'; missing: Team[] };

/**
 * Puts a version into force that both teams have signed, or that was in force before. What the one before it
 * had still to do with the leads ends here: this one looks at all of them.
 */
export async function activate(
  database: Database,
  agreementId: AgreementId,
  at: Instant,
): Promise<{ activation: ActivationId } | ActivationRefusal> {
  return database.transaction(async session => {
    await lockAgreements(session);
    const version = await session.agreement.findUniqueOrThrow({
      where: { id: agreementId },
      select: { activeSlot: true, activatedAt: true },
    });
    if (version.activeSlot !== null) return { refused: 'active already' };
    const missing = missingFrom(await signaturesOf(session, agreementId));
    if (missing.length > 0 && version.activatedAt === null) return { refused: 'unsigned', missing };
    await makeActive(session, agreementId, at);
    await session.activation.updateMany({
      where: { runningSlot: 1 },
      data: { runningSlot: null, endedAt: new Date(at) },
    });
    const total = await session.lead.count({
      where: { scoredAt: { not: null }, mergeId: null },
    });
    const activation = newId<ActivationId>();
    await session.activation.create({
      data: { id: activation, agreementId, at: new Date(at), runningSlot: 1, total },
    });
    return { activation };
  });
}

export async function activationState(
  session: Session,
  id: ActivationId,
): Promise<ActivationState | null> {
  const row = await session.activation.findUnique({
    where: { id },
    include: { agreement: { select: { version: true } } },
  });
  return row && stateOf(row);
}

/** Every time that a version was put into force, the latest first. */
export async function activations(session: Session): Promise<ActivationState[]> {
  const rows = await session.activation.findMany({
    orderBy: { at: 'desc' },
    include: { agreement: { select: { version: true } } },
  });
  return rows.map(stateOf);
}

/** The one that is under way, if one is. */
export async function runningActivation(session: Session): Promise<ActivationId | null> {
  const row = await session.activation.findUnique({
    where: { runningSlot: 1 },
    select: { id: true },
  });
  return row && (row.id as ActivationId);
}

/** The next leads to grade anew, after one of them. A lead that was never graded is its intake's. */
export async function leadsToGrade(
  session: Session,
  after: LeadId | null,
  limit: number,
): Promise<LeadId[]> {
  const next = after === null ? sql`` : sql`AND id > ${after}::uuid`;
  const rows = await session.$queryRaw<{ id: LeadId }[]>(sql`
    SELECT id FROM lead WHERE scored_at IS NOT NULL AND merge_id IS NULL ${next} ORDER BY id LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** What a page of leads came to. */
export interface Graded {
  looked: number;
  changed: number;
  crossed: number;
}

/** Notes that a page is done; once, however often the page is. */
export async function notePage(
  session: Session,
  id: ActivationId,
  after: LeadId | null,
  last: LeadId,
  { looked, changed, crossed }: Graded,
): Promise<void> {
  await session.$executeRaw(sql`
    UPDATE activation SET last_lead_id = ${last}::uuid, looked = looked + ${looked},
      changed = changed + ${changed}, crossed = crossed + ${crossed}
    WHERE id = ${id}::uuid AND ended_at IS NULL AND last_lead_id IS NOT DISTINCT FROM ${after}::uuid`);
}

export async function noteGraded(session: Session, id: ActivationId, at: Instant): Promise<void> {
  await session.activation.updateMany({
    where: { id, endedAt: null, gradedAt: null },
    data: { gradedAt: new Date(at) },
  });
}

export async function endActivation(
  session: Session,
  id: ActivationId,
  at: Instant,
): Promise<void> {
  await session.activation.updateMany({
    where: { id, endedAt: null },
    data: { runningSlot: null, endedAt: new Date(at) },
  });
}

function stateOf(row: {
  id: string;
  agreementId: string;
  agreement: { version: number };
  at: Date;
  total: number;
  lastLeadId: string | null;
  looked: number;
  changed: number;
  crossed: number;
  released: number;
  gradedAt: Date | null;
  endedAt: Date | null;
}): ActivationState {
  const { agreement, gradedAt, endedAt, at, lastLeadId, ...counts } = row;
  return {
    id: row.id as ActivationId,
    agreementId: row.agreementId as AgreementId,
    version: agreement.version,
    at: at.getTime() as Instant,
    total: counts.total,
    lastLeadId: lastLeadId as LeadId | null,
    looked: counts.looked,
    changed: counts.changed,
    crossed: counts.crossed,
    released: counts.released,
    gradedAt: gradedAt && (gradedAt.getTime() as Instant),
    endedAt: endedAt && (endedAt.getTime() as Instant),
  };
}
