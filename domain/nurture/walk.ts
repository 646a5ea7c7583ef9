import type { Engagement } from '../event/event.ts';
import { scannerClicks } from '../event/human.ts';
import { day, plus, type Instant } from '../instant.ts';
import { matches, meets } from '../lead/match.ts';
import { openingsAfter } from '../calendar/week.ts';
import type { Condition } from '../sequence/condition.ts';
import { isOver, type MailInstruction, type Plan, type TaskInstruction } from '../sequence/plan.ts';
import type { Wait } from '../sequence/schema.ts';
import type { TaskFacts } from '../task/task.ts';
import { variantOf } from '../sequence/variants.ts';
import { contentKey, type EnrollmentFacts, type Facts } from './facts.ts';
import { lapseOf, taskOf, waitsFor } from './tasks.ts';

/** How far a lead has come in its plan, and what stands there. */
export interface Place {
  cursor: number;
  /** When what stands there may be done, before windows and caps. */
  dueAt: Instant;
  stop:
    | { kind: 'mail'; instruction: MailInstruction }
    /** A branch whose time has not come, or whose click is still held. */
    | { kind: 'branch' }
    /** Somebody has yet to do it; null when nobody was asked for it before now. */
    | { kind: 'task'; instruction: TaskInstruction; task: TaskFacts | null }
    | { kind: 'over' }
    | { kind: 'move'; sequence: string }
    | { kind: 'exit'; reason: string };
  /** The variants that it came to get on the way here. */
  exposures: Exposure[];
  /** What it came to that a person is to be asked for. */
  begins: TaskInstruction[];
}

/** That a lead came to a split, and which of its ways it went. */
export interface Exposure {
  split: string;
  variant: string;
}

/** Goes through waits, branches and mails that were had already, up to what takes time. */
export function walk(
  plan: Plan,
  sequence: string,
  zone: string,
  facts: Facts & { enrollment: EnrollmentFacts },
  at: Instant,
): Place {
  const { enrollment } = facts;
  let { cursor, dueAt } = enrollment;
  const exposures: Exposure[] = [];
  const begins: TaskInstruction[] = [];
  for (;;) {
    const instruction = plan[cursor];
    if (isOver(plan, cursor) || instruction === undefined)
      return { cursor, dueAt, stop: { kind: 'over' }, exposures, begins };
    switch (instruction.do) {
      case 'mail': {
        const had = sendOf(facts, sequence, instruction.mail);
        if (had === undefined || had.state === 'dispatching')
          return { cursor, dueAt, stop: { kind: 'mail', instruction }, exposures, begins };
        const own = had.enrollmentId === enrollment.id;
        if (own) dueAt = had.at;
        cursor += 1;
        // A mail that was had in an earlier enrollment takes its wait with it.
        if (!own && plan[cursor]?.do === 'wait') cursor += 1;
        break;
      }
      case 'wait':
        dueAt = endOfWait(instruction.wait, dueAt, zone);
        cursor += 1;
        break;
      case 'task': {
        const task = taskOf(enrollment, instruction.task);
        if (task === undefined) {
          // Not before its time: who leaves until then is nobody's to call.
          if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' }, exposures, begins };
          begins.push(instruction);
        }
        if (waitsFor(instruction)) {
          if (task === undefined)
            return {
              cursor,
              dueAt,
              stop: { kind: 'task', instruction, task: null },
              exposures,
              begins,
            };
          const lapsesAt = lapseOf(task, plan, enrollment);
          if (task.state === 'open' && lapsesAt > at)
            return {
              cursor,
              dueAt: lapsesAt,
              stop: { kind: 'task', instruction, task },
              exposures,
              begins,
            };
          dueAt = task.endedAt ?? lapsesAt;
        }
        cursor += 1;
        break;
      }
      case 'branch': {
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' }, exposures, begins };
        const answer = holds(instruction.if, sequence, facts, at);
        if (typeof answer !== 'boolean')
          return { cursor, dueAt: answer, stop: { kind: 'branch' }, exposures, begins };
        cursor = answer ? cursor + 1 : instruction.otherwise;
        break;
      }
      case 'split': {
        // Not before its time: who leaves until then never came to it.
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' }, exposures, begins };
        const { split, paths } = instruction;
        const path = variantOf(paths, facts.lead.spread, sequence, split);
        if (path === undefined) cursor += 1;
        else {
          exposures.push({ split, variant: path.variant });
          cursor = path.to;
        }
        break;
      }
      case 'jump':
        cursor = instruction.to;
        break;
      case 'move':
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' }, exposures, begins };
        return {
          cursor,
          dueAt,
          stop: { kind: 'move', sequence: instruction.sequence },
          exposures,
          begins,
        };
      case 'exit':
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' }, exposures, begins };
        return {
          cursor,
          dueAt,
          stop: { kind: 'exit', reason: instruction.reason },
          exposures,
          begins,
        };
      default:
        return instruction satisfies never;
    }
  }
}

/** The ledger's row for a mail's content, from this enrollment or an earlier one. */
export function sendOf(facts: Facts, sequence: string, mail: string) {
  const key = contentKey(sequence, mail);
  return facts.sends.find(send => send.contentKey === key);
}

function endOfWait(wait: Wait, from: Instant, zone: string): Instant {
  if (wait.kind === 'for') return plus(from, wait.ms);
  const { weekday, minutes } = wait;
  // What begins when that day is over begins with the next one.
  const isOver = minutes >= 24 * 60;
  const days = [isOver ? (weekday % 7) + 1 : weekday];
  const after = { days, from: isOver ? 0 : minutes, to: 24 * 60, zone, holidays: null };
  for (const opening of openingsAfter(from, after)) if (opening.from > from) return opening.from;
  return plus(from, 7 * day);
}

/** Whether a condition holds; or the moment at which that can be told, while something is held. */
export function holds(
  condition: Condition,
  sequence: string,
  facts: Facts,
  at: Instant,
): boolean | Instant {
  if (condition.kind === 'fields') return meets(facts.lead.fields, condition.fields);
  const found =
    condition.kind === 'did' ? done(condition, facts, at) : clicks(condition, sequence, facts);
  if (found === null) return condition.negated;
  const counted = found.some(({ holdUntil }) => holdUntil === null || holdUntil <= at);
  const held = found.map(({ holdUntil }) => holdUntil).find(end => end !== null && end > at);
  if (!counted && held !== undefined && held !== null) return held;
  return counted !== condition.negated;
}

/** The clicks in a mail that are a person's; null where the lead was not sent it. */
function clicks(
  { mail, withinMs }: Extract<Condition, { kind: 'clicked' }>,
  sequence: string,
  facts: Facts,
): Engagement[] | null {
  const send = sendOf(facts, sequence, mail);
  if (send === undefined) return null;
  const scanned = scannerClicks(facts.events);
  return facts.events.filter(
    event =>
      event.kind === 'click' &&
      event.sendId === send.id &&
      !scanned.has(event) &&
      (withinMs === null || event.at <= send.at + withinMs),
  );
}

/** What a lead did by itself, as far back as the condition looks, and as events are loaded at all. */
function done(
  { event: kind, subject, withinMs }: Extract<Condition, { kind: 'did' }>,
  { events }: Facts,
  at: Instant,
): Engagement[] {
  return events.filter(
    event =>
      event.kind === kind &&
      event.subject !== null &&
      matches(event.subject, subject) &&
      (withinMs === null || event.at > at - withinMs),
  );
}
