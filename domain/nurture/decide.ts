import type { Agreement } from '../agreement/agreement.ts';
import { segmentOf } from '../agreement/segment-of.ts';
import { isSales } from '../agreement/grade.ts';
import { earliest, hour, type Instant } from '../instant.ts';
import type { Rules } from '../sequence/plan.ts';
import { appraise, type Appraisal, type Disqualification } from './appraise.ts';
import type { Cause } from './cause.ts';
import { changeOfSegment, wasStopped } from './change-of-segment.ts';
import type { Block, EnrollmentFacts, Facts } from './facts.ts';
import { planMail, windowOf, zoneOf } from './mail-moment.ts';
import { changesOf, type TaskChanges, type WaitedTask } from './tasks.ts';
import { holds, walk, type Exposure } from './walk.ts';

/** The published version that an enrollment holds on to. */
export interface Pinned extends Rules {
  sequence: string;
}

/** What is decided by, of a version as it is kept. */
export function pinned({ name, content }: { name: string; content: Rules }): Pinned {
  const { plan, leaveWhen, cap } = content;
  return { sequence: name, plan, leaveWhen: leaveWhen ?? [], cap: cap ?? null };
}

/** Where an enrollment stands, in one word for lists and searches. */
export type Stage = 'nurturing' | 'paused' | 'blocked';

/** Why an enrollment ended. */
export type EndReason =
  | 'finished'
  | 'escalated'
  | 'suppressed'
  | 'stopped by ops'
  | 'cancelled by ops'
  | 'moved'
  /** The lead said that it wants to be left alone. */
  | 'quiet'
  | 'merged'
  | Disqualification
  | `exit: ${string}`;

/** What to do with an enrollment. */
export type Move = Stay | { kind: 'escalate'; cause: Cause } | MoveOn;

export interface MoveOn {
  kind: 'move';
  /** The sequence that the lead goes on in: a step says so, or a segment that it has come to be in. */
  sequence: string;
  segment: string;
  /** What to do instead where that sequence is not published. */
  otherwise: Stay;
}

/** What to do with an enrollment that nothing else has taken the lead out of. */
export type Stay =
  | {
      kind: 'wait';
      /** When to look again; null waits for a nudge alone. */
      until: Instant | null;
      /** What is due then: a mail, or another look. */
      then: 'turn' | 'deliver';
      stage: Stage;
      cursor: number;
      dueAt: Instant;
      blocked: Block | null;
      /** The mail that comes next, and when. */
      mail: { name: string; at: Instant } | null;
      /** The variants that it came to get. */
      exposures?: readonly Exposure[];
      /** What becomes of tasks of people. */
      tasks?: TaskChanges;
      /** The task that it waits for. */
      task?: WaitedTask;
    }
  | { kind: 'end'; reason: EndReason; exposures?: readonly Exposure[] };

/** What to do with a lead that is in nothing. */
export type IdleMove =
  | { kind: 'wait'; until: Instant }
  | { kind: 'escalate'; cause: Cause }
  | { kind: 'enroll'; sequence: string; segment: string }
  | { kind: 'rest'; why: string };

export interface Decision<M> {
  appraisal: Appraisal;
  move: M;
}

/** Decides what happens to an open enrollment. Pure: the same facts at the same moment decide the same. */
export function decideEnrollment(
  facts: Facts & { enrollment: EnrollmentFacts },
  agreement: Agreement,
  pinned: Pinned,
  at: Instant,
): Decision<Move> {
  const appraisal = appraise(facts, agreement, at);
  return { appraisal, move: moveOf(facts, agreement, pinned, appraisal, at) };
}

/** What an appraisal of the lead at this moment means for its open enrollment. */
export function moveOf(
  facts: Facts & { enrollment: EnrollmentFacts },
  agreement: Agreement,
  pinned: Pinned,
  appraisal: Appraisal,
  at: Instant,
): Move {
  const { disqualification } = appraisal;
  if (appraisal.cause !== null) return { kind: 'escalate', cause: appraisal.cause };
  const isOfCustomers =
    disqualification === 'customer' && pinned.sequence === agreement.customers?.track;
  if (disqualification !== null && !isOfCustomers) return end(disqualification);
  if (facts.lead.suppressed) return end('suppressed');
  if (facts.lead.quiet) return end('quiet');
  const leave = leaving(facts, pinned, at);
  if ('reason' in leave) return end(`exit: ${leave.reason}`);
  const stay = stayOf(facts, agreement, pinned, appraisal, leave.heldUntil, at);
  if (isOfCustomers || stay.kind === 'move') return stay;
  const enrollment = { ...facts.enrollment, sequence: pinned.sequence };
  const change = changeOfSegment({ ...facts, enrollment }, appraisal.score.grade, agreement, at);
  return change === null ? stay : { kind: 'move', ...change, otherwise: stay };
}

function end(reason: EndReason, exposures: readonly Exposure[] = []): Stay {
  return { kind: 'end', reason, ...(exposures.length > 0 ? { exposures } : {}) };
}

/** Whether a rule of the sequence takes the lead out; else until when something is held that might. */
function leaving(
  facts: Facts,
  { sequence, leaveWhen = [] }: Pinned,
  at: Instant,
): { reason: string } | { heldUntil: Instant | null } {
  let heldUntil: Instant | null = null;
  for (const { if: condition, because } of leaveWhen) {
    const answer = holds(condition, sequence, facts, at);
    if (answer === true) return { reason: because };
    if (answer !== false) heldUntil = earliest(heldUntil, answer);
  }
  return { heldUntil };
}

function stayOf(
  facts: Facts & { enrollment: EnrollmentFacts },
  agreement: Agreement,
  { plan, sequence, cap }: Pinned,
  appraisal: Appraisal,
  leaveHeldUntil: Instant | null,
  at: Instant,
): Stay | MoveOn {
  const { lead, enrollment } = facts;
  // The next moment at which something else than a mail may be due.
  const look = earliest(earliest(appraisal.change?.at ?? null, appraisal.holdEnds), leaveHeldUntil);
  const stay = { kind: 'wait', then: 'turn', until: look, mail: null } as const;
  const { cursor, dueAt } = enrollment;
  if (enrollment.pausedAt !== null)
    return { ...stay, stage: 'paused', cursor, dueAt, blocked: enrollment.blocked };
  // A mail that could not be made is tried again when the lead changed: a missing field may be there.
  const isMended = enrollment.blocked?.code === 'template' && lead.revision > lead.seenRevision;
  const blocked = isMended ? null : enrollment.blocked;
  if (blocked?.code === 'template') return { ...stay, stage: 'blocked', cursor, dueAt, blocked };

  const zone = zoneOf(facts, agreement);
  const place = walk(plan, sequence, zone, facts, at);
  const { stop, exposures } = place;
  const { changes, openUntil } = changesOf(plan, enrollment, place.begins, at);
  const stage = blocked === null ? 'nurturing' : 'blocked';
  const came = {
    ...(exposures.length > 0 ? { exposures } : {}),
    ...(changes === null ? {} : { tasks: changes }),
  };
  const here = { stage, cursor: place.cursor, dueAt: place.dueAt, blocked, ...came } as const;
  switch (stop.kind) {
    case 'over':
    case 'move':
    case 'exit': {
      // A click that is held may still take the lead over the line.
      const ends = place.dueAt > at ? place.dueAt : appraisal.holdEnds;
      if (ends !== null) return { ...stay, ...here, until: earliest(look, ends) };
      if (stop.kind === 'exit') return end(`exit: ${stop.reason}`, exposures);
      const finished = end('finished', exposures);
      if (stop.kind === 'over') {
        // It is over when everything that people were asked for is.
        const isOpen = openUntil !== null || place.begins.length > 0;
        return isOpen ? { ...stay, ...here, until: earliest(look, openUntil) } : finished;
      }
      const { sequence: target } = stop;
      const isHad = target === sequence || facts.past.some(had => had.sequence === target);
      if (isHad) return finished;
      const { segment } = enrollment;
      const { grade } = appraisal.score;
      return {
        ...{ kind: 'move', sequence: target, otherwise: finished },
        segment: segment ?? segmentOf(facts, grade, agreement, at).name,
      };
    }
    case 'branch':
      return { ...stay, ...here, until: earliest(look, place.dueAt) };
    case 'task': {
      const { task, instruction } = stop;
      if (task === null) return { ...stay, ...here };
      const { task: name, kind } = instruction;
      const waited = { name, kind, person: task.person, until: place.dueAt };
      return { ...stay, ...here, until: earliest(look, place.dueAt), task: waited };
    }
    case 'mail': {
      const { instruction } = stop;
      const window = windowOf(instruction.window, facts, agreement, zone);
      const { due, planned } = planMail(
        facts,
        agreement,
        sequence,
        instruction.mail,
        place.dueAt,
        window,
        cap ?? null,
        at,
      );
      const until = earliest(look, planned);
      return {
        ...here,
        kind: 'wait',
        until,
        then: until === planned ? 'deliver' : 'turn',
        dueAt: due,
        mail: { name: instruction.mail, at: planned },
      };
    }
    default:
      return stop satisfies never;
  }
}

/** Decides what happens to a lead that is in no enrollment and with no rep. */
export function decideIdle(facts: Facts, agreement: Agreement, at: Instant): Decision<IdleMove> {
  const appraisal = appraise(facts, agreement, at);
  return { appraisal, move: idleMove(facts, agreement, appraisal, at) };
}

function idleMove(facts: Facts, agreement: Agreement, appraisal: Appraisal, at: Instant): IdleMove {
  const { lead, past } = facts;
  if (appraisal.cause !== null) return { kind: 'escalate', cause: appraisal.cause };
  if (appraisal.disqualification !== null) return { kind: 'rest', why: appraisal.disqualification };
  if (appraisal.holdEnds !== null && appraisal.holdEnds <= at + hour)
    return { kind: 'wait', until: appraisal.holdEnds };
  if (lead.suppressed) return { kind: 'rest', why: 'suppressed' };
  if (lead.quiet) return { kind: 'rest', why: 'wants to be left alone' };
  if (wasStopped(past)) return { kind: 'rest', why: 'stopped by ops' };
  const { grade } = appraisal.score;
  const segment = segmentOf(facts, grade, agreement, at);
  // Whoever wanted quiet and does not any more goes on where that was: a rep may have put it there.
  const last = past.at(-1);
  if (last?.endReason === 'quiet')
    return { kind: 'enroll', sequence: last.sequence, segment: segment.name };
  if (isSales(grade)) return { kind: 'rest', why: 'worked by sales before' };
  const sequence = segment.nurture[grade];
  if (past.some(enrollment => enrollment.sequence === sequence))
    return { kind: 'rest', why: `had ${sequence} already` };
  return { kind: 'enroll', sequence, segment: segment.name };
}
