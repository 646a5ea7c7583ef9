import type { Agreement } from '../domain/agreement/agreement.ts';
import type { LeadId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { appraise, crossingAfter, underAnother } from '../domain/nurture/appraise.ts';
import { decideIdle, moveOf } from '../domain/nurture/decide.ts';
import type { LoadedFacts } from '../store/facts.ts';
import type { StoredVersion } from '../store/sequence-version.ts';
import type { Turn } from '../store/turn.ts';

/** A lead under another agreement than it was graded by. */
export interface Regrade {
  lead: LeadId;
  /** Its new grade, to be written; null when its own workflow must look, and grades it then. */
  turn: Turn | null;
  /** Whether its workflow must look: it should do so sooner than it would. Later, it finds out by itself. */
  mustLook: boolean;
  hasChanged: boolean;
  /** Whether it is sales' to work by the new agreement alone. */
  crosses: boolean;
}

/**
 * Grades a lead under the agreement in force. A lead of which something is new is left to its own turn, so
 * that nothing it did is taken for seen; it is graded by the same agreement there.
 */
export function regrade(
  loaded: LoadedFacts,
  agreement: Agreement,
  versions: ReadonlyMap<VersionId, StoredVersion>,
  at: Instant,
): Regrade {
  const facts = underAnother(loaded);
  const { lead, enrollment } = facts;
  const appraisal = appraise(facts, agreement, at);
  const own = { lead: lead.id, hasChanged: false, crosses: false };
  if (appraisal.news || appraisal.cause !== null) return { ...own, turn: null, mustLook: true };
  const version = enrollment === null ? undefined : versions.get(enrollment.versionId);
  let mustLook = false;
  if (enrollment !== null && version !== undefined) {
    const pinned = { sequence: version.name, plan: version.content.plan };
    const move = moveOf({ ...facts, enrollment }, agreement, pinned, appraisal, at);
    mustLook = move.kind !== 'wait' || isSooner(move.until, enrollment.wakeAt);
  } else if (facts.escalation === null) {
    mustLook = decideIdle(facts, agreement, at).move.kind === 'enroll';
  }
  const { armed } = appraisal;
  return {
    lead: lead.id,
    turn: { judgement: { facts, appraisal, armed, at } },
    mustLook,
    hasChanged: appraisal.score.grade !== lead.grade,
    crosses: loaded.lead.crossing === null && crossingAfter(facts, appraisal, armed) !== null,
  };
}

function isSooner(until: Instant | null, wakeAt: Instant | null): boolean {
  return until !== null && (wakeAt === null || until < wakeAt);
}
