import { DateTime } from 'luxon';
import { scannerClicks } from '../event/human.ts';
import { day, plus, type Instant } from '../instant.ts';
import { meets } from '../lead/match.ts';
import { atMinutes } from '../calendar/week.ts';
import { isOver, type Instruction, type Plan } from '../sequence/plan.ts';
import type { Condition, Wait } from '../sequence/schema.ts';
import { contentKey, type EnrollmentFacts, type Facts } from './facts.ts';

type MailInstruction = Extract<Instruction, { do: 'mail' }>;

/** How far a lead has come in its plan, and what stands there. */
export interface Place {
  cursor: number;
  /** When what stands there may be done, before windows and caps. */
  dueAt: Instant;
  stop:
    | { kind: 'mail'; instruction: MailInstruction }
    /** A branch whose time has not come, or whose click is still held. */
    | { kind: 'branch' }
    | { kind: 'over' }
    | { kind: 'exit'; reason: string };
}

/** Goes through waits, branches and mails that were had already, up to what takes time. */
export function walk(
  plan: Plan,
  sequence: string,
  zone: string,
  facts: Facts & { enrollment: EnrollmentFacts },
  at: Instant,
): Place {
  let { cursor, dueAt } = facts.enrollment;
  for (;;) {
    const instruction = plan[cursor];
    if (isOver(plan, cursor) || instruction === undefined)
      return { cursor, dueAt, stop: { kind: 'over' } };
    switch (instruction.do) {
      case 'mail': {
        const had = sendOf(facts, sequence, instruction.mail);
        if (had === undefined || had.state === 'dispatching')
          return { cursor, dueAt, stop: { kind: 'mail', instruction } };
        const own = had.enrollmentId === facts.enrollment.id;
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
      case 'branch': {
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' } };
        const answer = holds(instruction.if, sequence, facts, at);
        if (typeof answer !== 'boolean') return { cursor, dueAt: answer, stop: { kind: 'branch' } };
        cursor = answer ? cursor + 1 : instruction.otherwise;
        break;
      }
      case 'jump':
        cursor = instruction.to;
        break;
      case 'exit':
        if (dueAt > at) return { cursor, dueAt, stop: { kind: 'branch' } };
        return { cursor, dueAt, stop: { kind: 'exit', reason: instruction.reason } };
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
  const start = DateTime.fromMillis(from, { zone }).startOf('day');
  for (let offset = 0; offset <= 7; offset++) {
    const date = start.plus({ days: offset });
    const moment = atMinutes(date, wait.minutes);
    if (date.weekday === wait.weekday && moment > from) return moment;
  }
  return plus(from, 7 * day);
}

/** A branch's answer; or the moment at which it can be given, while a click is held. */
function holds(
  condition: Condition,
  sequence: string,
  facts: Facts,
  at: Instant,
): boolean | Instant {
  if (condition.kind === 'fields') return meets(facts.lead.fields, condition.fields);
  const send = sendOf(facts, sequence, condition.mail);
  if (send === undefined) return condition.negated;
  const scanned = scannerClicks(facts.events);
  const clicks = facts.events.filter(
    event =>
      event.kind === 'click' &&
      event.sendId === send.id &&
      !scanned.has(event) &&
      (condition.withinMs === null || event.at <= send.at + condition.withinMs),
  );
  const counted = clicks.some(({ holdUntil }) => holdUntil === null || holdUntil <= at);
  const held = clicks.map(({ holdUntil }) => holdUntil).find(end => end !== null && end > at);
  if (!counted && held !== undefined && held !== null) return held;
  return counted !== condition.negated;
}
