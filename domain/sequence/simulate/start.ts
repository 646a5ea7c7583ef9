import type { Agreement } from '../../agreement/agreement.ts';
import type { EnrollmentId, VersionId } from '../../ids.ts';
import type { Instant } from '../../instant.ts';
import { crossingAfter, type Appraisal } from '../../nurture/appraise.ts';
import { wasStopped } from '../../nurture/change-of-segment.ts';
import { decideIdle } from '../../nurture/decide.ts';
import { contentKey, type EnrollmentFacts, type Facts } from '../../nurture/facts.ts';

/** Facts whose enrollment is open. */
export type EnrolledFacts = Facts & { enrollment: EnrollmentFacts };

/** How a lead begins: in the sequence, or not at all and why. It is the same in every run. */
export type Start =
  { kind: 'begins'; facts: EnrolledFacts; at: Instant } | { kind: 'not'; why: string };

/** More looks than this at one lead that is in nothing mean that something is wrong. */
const patience = 100;

/**
 * Looks at a lead as if it had just come in and this were the sequence that its segment names. What it had of the
 * sequence before is left aside, so that everybody begins at the beginning.
 */
export function startOf(lead: Facts, sequence: string, agreement: Agreement, from: Instant): Start {
  if (lead.escalation !== null) return { kind: 'not', why: 'with sales now' };
  const prefix = contentKey(sequence, '');
  const facts: Facts = {
    ...lead,
    enrollment: null,
    sends: lead.sends.filter(send => !send.contentKey.startsWith(prefix)),
    past: lead.past.filter(ended => ended.sequence !== sequence),
  };
  // That it had another sequence is no reason not to have this one.
  const stops = wasStopped(facts.past) ? facts.past : [];
  let at = from;
  for (let look = 0; look < patience; look++) {
    const { appraisal, move } = decideIdle({ ...facts, past: stops }, agreement, at);
    switch (move.kind) {
      case 'wait':
        at = move.until;
        continue;
      case 'escalate':
        return { kind: 'not', why: `goes to sales at once (${move.cause})` };
      case 'rest':
        return { kind: 'not', why: move.why };
      case 'enroll':
        return { kind: 'begins', at, facts: enrolled(facts, appraisal, move.segment, at) };
      default:
        return move satisfies never;
    }
  }
  throw new Error('A lead that is in nothing waits for ever.');
}

function enrolled(facts: Facts, appraisal: Appraisal, segment: string, at: Instant): EnrolledFacts {
  const enrollment: EnrollmentFacts = {
    id: 'simulated' as EnrollmentId,
    versionId: 'simulated' as VersionId,
    segment,
    cursor: 0,
    dueAt: at,
    pausedAt: null,
    remainingMs: null,
    blocked: null,
  };
  return { ...facts, enrollment, lead: { ...facts.lead, ...seen(facts, appraisal, at) } };
}

/** What a turn writes about the lead itself. */
export function seen(facts: Facts, appraisal: Appraisal, at: Instant) {
  const { score, armed } = appraisal;
  return {
    seenRevision: facts.lead.revision,
    grade: score.grade,
    bands: score.bands,
    armed,
    crossing: crossingAfter(facts, appraisal, armed),
    scoredAt: at,
  };
}
