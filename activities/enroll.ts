import type { Agreement } from '../domain/agreement/agreement.ts';
import type { EnrollmentId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { decideEnrollment, pinned } from '../domain/nurture/decide.ts';
import type { Next } from '../domain/nurture/next.ts';
import { shiftTo } from '../engine/clock.ts';
import { newId, type Session } from '../store/database.ts';
import type { LoadedEnrollment, LoadedFacts } from '../store/facts.ts';
import { currentVersionId } from '../store/sequence-version.ts';
import { applyTurn, applyTurns, type Judgement, type Turn } from '../store/turn.ts';
import type { Context } from './context.ts';
import { inParallel } from './in-parallel.ts';
import { standingOf, waitNext } from './standing.ts';

/** Workflows that are started at once. */
const width = 16;

/** A lead that goes into a sequence, and what brings it there. */
export interface Admission {
  judgement: Judgement;
  sequence: string;
  segment: string;
  /** The same cause enrolls once. */
  originKey: string;
  /** Nothing is mailed before; without it, from now on. */
  notBefore?: Instant;
}

/** The end of what the lead was in, in the same transaction as the enrollment that follows it. */
export interface Ending {
  /** When its escalation ended, if it was with a rep. */
  escalationEndedAt: Instant | null;
  first: (session: Session) => Promise<void>;
}

/**
 * Enrolls a lead in the current version of a sequence and applies its turn, all or nothing; then starts
 * its workflow, which is told the first wait, so that it is not decided again.
 * @returns null, and does nothing, when the sequence is not published
 * @throws StaleFactsError
 */
export async function enrollLead(
  context: Context,
  admission: Admission,
  agreement: Agreement,
  shift: number,
  ending: Ending | null = null,
): Promise<Next | null> {
  const prepared = await prepare(context, admission, agreement, ending?.escalationEndedAt ?? null);
  if (prepared === null) return null;
  if (ending === null) await applyTurn(context.database, prepared.turn);
  else
    await context.database.transaction(async session => {
      await ending.first(session);
      await applyTurn(session, prepared.turn);
    });
  return begin(context, prepared, shift);
}

/**
 * Enrolls many leads at once, each as `enrollLead` does.
 * @returns the admissions that were not carried out, because the sequence is not published or the lead
 * moved on meanwhile
 */
export async function enrollLeads(
  context: Context,
  admissions: readonly Admission[],
  agreement: Agreement,
  shift: number,
): Promise<Admission[]> {
  const prepared = await Promise.all(
    admissions.map(admission => prepare(context, admission, agreement, null)),
  );
  const ready = prepared.filter(each => each !== null);
  const applied = new Set(
    (
      await applyTurns(
        context.database,
        ready.map(({ turn }) => turn),
      )
    ).map(({ turn }) => turn),
  );
  await inParallel(
    ready.filter(({ turn }) => applied.has(turn)),
    width,
    async each => {
      await begin(context, each, shift);
    },
  );
  return admissions.filter((_, index) => {
    const each = prepared[index];
    return each === null || each === undefined || !applied.has(each.turn);
  });
}

interface Prepared {
  turn: Turn;
  enrollment: LoadedEnrollment;
  /** The first wait; null when the workflow must decide at once. */
  next: Next | null;
}

async function prepare(
  context: Context,
  { judgement, sequence, segment, originKey, notBefore }: Admission,
  agreement: Agreement,
  escalationEndedAt: Instant | null,
): Promise<Prepared | null> {
  const { facts, appraisal, at } = judgement;
  const versionId = await currentVersionId(context.database, sequence);
  if (versionId === null) return null;
  const { version, content } = await context.version(versionId);
  const dueAt = Math.max(at, notBefore ?? at) as Instant;
  const enrollment: LoadedEnrollment = {
    id: newId<EnrollmentId>(),
    versionId,
    sequence,
    version,
    segment,
    cursor: 0,
    dueAt,
    wakeAt: null,
    pausedAt: null,
    remainingMs: null,
    blocked: null,
  };
  const after = asEnrolled(facts, enrollment, escalationEndedAt);
  const { move } = decideEnrollment(after, agreement, pinned({ name: sequence, content }), at);
  // Asking people takes a turn of its own.
  const wait = move.kind === 'wait' && move.tasks === undefined ? move : null;
  const place =
    wait === null
      ? { cursor: 0, dueAt, wakeAt: at, exposures: [] }
      : {
          cursor: wait.cursor,
          dueAt: wait.dueAt,
          wakeAt: wait.until,
          exposures: wait.exposures ?? [],
        };
  return {
    turn: { judgement, begins: { id: enrollment.id, versionId, originKey, segment, ...place } },
    enrollment,
    next: wait && waitNext(enrollment, appraisal, wait),
  };
}

/** Starts the workflow of an enrollment whose row is there. */
async function begin(
  { engine }: Context,
  { turn: { judgement }, enrollment, next }: Prepared,
  shift: number,
): Promise<Next> {
  const { facts, appraisal, at } = judgement;
  await engine.nurture(enrollment.id, facts.lead.id, next, { shift: shiftTo(at, shift) });
  const standing =
    next?.standing ??
    standingOf(appraisal, {
      stage: 'nurturing',
      sequence: `${enrollment.sequence} v${enrollment.version}`,
      segment: enrollment.segment,
    });
  return { v: 1, kind: 'enrolled', enrollment: enrollment.id, standing };
}

/** The facts as they will be once the lead is enrolled and its last escalation, if any, has ended. */
function asEnrolled<E extends LoadedEnrollment>(
  facts: LoadedFacts,
  enrollment: E,
  escalationEndedAt: Instant | null,
): LoadedFacts & { enrollment: E } {
  const { lead } = facts;
  return {
    ...facts,
    enrollment,
    escalation: null,
    escalationEndedAt: escalationEndedAt ?? facts.escalationEndedAt,
    lead: { ...lead, seenRevision: lead.revision },
  };
}
