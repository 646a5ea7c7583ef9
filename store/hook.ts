import type { EscalationId, HookId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { KnownLead } from '../domain/lead/as-told.ts';
import { newId, sql, type Session } from './database.ts';

/** What another system can be told of an escalation. */
export type HookKind = `escalation.${
  | 'assigned'
  | 'reassigned'
  | 'accepted'
  | 'contacted'
  | 'feedback'
  | 'qualified'
  | 'rejected'
  | 'won'
  | 'lost'
  | 'closed'}`;

/** A transition of an escalation. */
export interface Transition {
  escalationId: EscalationId;
  kind: HookKind;
  /** The escalation and what it is a transition of, such as `<id>/accepted/2`; the same key is told once. */
  originKey: string;
  at: Instant;
}

/**
 * Writes down that another system is to be told of a transition; to be called in the transaction that writes the
 * transition. Does nothing when it is written down already, or when there is nobody to tell.
 */
export async function announce(
  session: Session,
  { escalationId, kind, originKey, at }: Transition,
): Promise<void> {
  await session.$executeRaw(sql`
    INSERT INTO hook (id, escalation_id, kind, origin_key, at)
    SELECT ${newId<HookId>()}::uuid, ${escalationId}::uuid, ${kind}, ${originKey}, moment(${at}::bigint)
    WHERE EXISTS (SELECT FROM control WHERE key = 'hooks' AND value = 'on')
    ON CONFLICT (origin_key) DO NOTHING`);
}

/** The hooks of an escalation that nobody has tried to deliver: their workflows are to be started. */
export async function hooksToStart(
  session: Session,
  escalationId: EscalationId,
): Promise<HookId[]> {
  const rows = await session.hook.findMany({
    where: { escalationId, deliveredAt: null, deadAt: null, attempts: 0 },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  return rows.map(({ id }) => id as HookId);
}

/** All hooks from before a moment that wait to be delivered. */
export async function waitingHooks(session: Session, before: Instant): Promise<HookId[]> {
  const rows = await session.$queryRaw<{ id: HookId }[]>(sql`
    SELECT id FROM hook
    WHERE delivered_at IS NULL AND dead_at IS NULL AND at < moment(${before}::bigint)
    ORDER BY at`);
  return rows.map(({ id }) => id);
}

/** What there is to tell: the transition, and the escalation as it is now. */
export interface HookFacts {
  id: HookId;
  kind: string;
  at: Instant;
  /** Whether it still waits to be delivered. */
  isWaiting: boolean;
  escalation: {
    id: EscalationId;
    grade: string;
    cause: string;
    state: string;
  };
  lead: KnownLead;
  owner: { key: string; name: string };
  /** The lead of the same account that was with sales when this one crossed. */
  joins: {
    escalation: EscalationId;
    state: string;
    lead: { id: LeadId; firstName: string | null; lastName: string | null };
    owner: { key: string; name: string };
  } | null;
  /** The last one. */
  disposition: {
    kind: string;
    reason: string | null;
    note: string | null;
    /** What was won. */
    money: { minor: number; currency: string } | null;
  } | null;
}

export async function hookFacts(session: Session, id: HookId): Promise<HookFacts | null> {
  const row = await session.hook.findUnique({
    where: { id },
    include: {
      escalation: {
        include: {
          lead: true,
          owner: true,
          joins: { include: { lead: true, owner: true } },
          dispositions: { orderBy: { seq: 'desc' }, take: 1 },
        },
      },
    },
  });
  if (row === null) return null;
  const { lead, owner, joins, dispositions, ...escalation } = row.escalation;
  const [disposition] = dispositions;
  return {
    id,
    kind: row.kind,
    at: row.at.getTime() as Instant,
    isWaiting: row.deliveredAt === null && row.deadAt === null,
    escalation: {
      id: escalation.id as EscalationId,
      grade: escalation.grade,
      cause: escalation.cause,
      state: escalation.state,
    },
    lead: {
      id: lead.id as LeadId,
      address: lead.address,
      firstName: lead.firstName,
      lastName: lead.lastName,
      company: lead.company,
    },
    owner: { key: owner.key, name: owner.name },
    // Who turned out to be the same person is nobody to join.
    joins:
      joins === null || joins.leadId === lead.id
        ? null
        : {
            escalation: joins.id as EscalationId,
            state: joins.state,
            lead: {
              id: joins.lead.id as LeadId,
              firstName: joins.lead.firstName,
              lastName: joins.lead.lastName,
            },
            owner: { key: joins.owner.key, name: joins.owner.name },
          },
    disposition: disposition
      ? {
          kind: disposition.kind,
          reason: disposition.reason,
          note: disposition.note,
          money: moneyOf(disposition),
        }
      : null,
  };
}

function moneyOf({
  amountMinor,
  currency,
}: {
  amountMinor: bigint | null;
  currency: string | null;
}): { minor: number; currency: string } | null {
  return amountMinor === null || currency === null
    ? null
    : { minor: Number(amountMinor), currency };
}

/** Notes that the receiver took it. */
export async function markDelivered(session: Session, id: HookId, at: Instant): Promise<void> {
  await session.hook.updateMany({
    where: { id, deliveredAt: null },
    data: {
      deliveredAt: new Date(at),
      deadAt: null,
      lastError: null,
      attempts: { increment: 1 },
    },
  });
}

/** Notes what an attempt failed with: a word or two, such as `status 500`. */
export async function markFailed(session: Session, id: HookId, error: string): Promise<void> {
  await session.hook.updateMany({
    where: { id, deliveredAt: null, deadAt: null },
    data: { lastError: error, attempts: { increment: 1 } },
  });
}

/**
 * Gives up on one that waits.
 * @param error why; null for what the last attempt failed with
 */
export async function markDead(
  session: Session,
  id: HookId,
  error: string | null,
  at: Instant,
): Promise<void> {
  await session.$executeRaw(sql`
    UPDATE hook SET dead_at = moment(${at}::bigint), last_error = coalesce(${error}, last_error, 'never tried')
    WHERE id = ${id}::uuid AND delivered_at IS NULL AND dead_at IS NULL`);
}

/** A hook as ops see it. */
export interface ListedHook {
  id: HookId;
  kind: string;
  escalationId: EscalationId;
  at: Instant;
  attempts: number;
  lastError: string | null;
  deadAt: Instant | null;
}

/** Those that wait or are dead: how many, and the first of them, oldest first. */
export interface HookList {
  count: number;
  hooks: ListedHook[];
}

export async function listHooks(
  session: Session,
  state: 'waiting' | 'dead',
  limit: number,
): Promise<HookList> {
  const where = { deliveredAt: null, deadAt: state === 'dead' ? { not: null } : null };
  const [count, rows] = await Promise.all([
    session.hook.count({ where }),
    session.hook.findMany({ where, orderBy: [{ at: 'asc' }, { id: 'asc' }], take: limit }),
  ]);
  return { count, hooks: rows.map(listed) };
}

type Row = NonNullable<Awaited<ReturnType<Session['hook']['findUnique']>>>;

function listed({ id, kind, escalationId, at, attempts, lastError, deadAt }: Row): ListedHook {
  return {
    id: id as HookId,
    kind,
    escalationId: escalationId as EscalationId,
    at: at.getTime() as Instant,
    attempts,
    lastError,
    deadAt: deadAt && (deadAt.getTime() as Instant),
  };
}

/** How each of these hooks stands; those that are not there are left out. */
export async function hookStates(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, 'waiting' | 'dead' | 'delivered'>> {
  const rows = await session.hook.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, deliveredAt: true, deadAt: true },
  });
  return new Map(
    rows.map(({ id, deliveredAt, deadAt }) => [
      id,
      deliveredAt !== null ? 'delivered' : deadAt === null ? 'waiting' : 'dead',
    ]),
  );
}

/**
 * Makes dead hooks wait again, as if nobody had tried yet.
 * @param ids null for all of them
 * @returns which
 */
export async function reviveHooks(
  session: Session,
  ids: readonly string[] | null,
): Promise<HookId[]> {
  const which = ids === null ? sql`` : sql`AND id = ANY(${[...ids]}::uuid[])`;
  const rows = await session.$queryRaw<{ id: HookId }[]>(sql`
    UPDATE hook SET dead_at = NULL, attempts = 0, last_error = NULL
    WHERE dead_at IS NOT NULL ${which} RETURNING id`);
  return rows.map(({ id }) => id);
}
