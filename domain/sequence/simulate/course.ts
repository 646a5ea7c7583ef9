import type { Agreement } from '../../agreement/agreement.ts';
import { capAllows } from '../../calendar/cap.ts';
import type { SendId } from '../../ids.ts';
import { minute, type Instant } from '../../instant.ts';
import type { Appraisal } from '../../nurture/appraise.ts';
import {
  decideEnrollment,
  decideIdle,
  moveOf,
  type EndReason,
  type Move,
  type Pinned,
  type Stay,
} from '../../nurture/decide.ts';
import { isDue } from '../../nurture/due.ts';
import { contentKey, countsAsMailed, type Facts, type SendFacts } from '../../nurture/facts.ts';
import type { TaskFacts } from '../../task/task.ts';
import { compiledName, type MailInstruction } from '../plan.ts';
import { ask } from './asked.ts';
import { eventOf, type Conduct, type Deed } from './conduct.ts';
import { seen, type EnrolledFacts } from './start.ts';
import type { Tally } from './tally.ts';

/** What is the same for every lead. */
export interface Play {
  agreement: Agreement;
  pinned: Pinned;
  /** Sequences that a lead can go on in. */
  published: ReadonlySet<string>;
  /** How far back what a lead did may matter, in milliseconds. */
  lookback: number;
  /** How long a click may be a scanner's, in milliseconds. */
  clickHoldMs: number;
  to: Instant;
}

type Wait = Extract<Stay, { kind: 'wait' }>;
/** When to look again, and what is due then. */
type Next = Pick<Wait, 'until' | 'then'>;
/** How a lead left, as it is told and as it is kept. */
interface Ended {
  reason: string;
  cause: EndReason;
}

const nothing: Next = { until: null, then: 'turn' };

/** A mail that goes out later than this after its plan's moment was put off. */
const putOffAfterMs = minute;
/** More looks than this at one moment mean that something is wrong. */
const patience = 1_000;

/**
 * One lead's way through the sequence in one run: the loop of its workflow, with what it does in between. What is
 * decided is decided by what decides for real leads; this holds only what the database would, and the time.
 */
export class Course {
  readonly #play: Play;
  readonly #facts: EnrolledFacts;
  readonly #events: EnrolledFacts['events'][number][];
  readonly #sends: SendFacts[];
  readonly #tasks: TaskFacts[] = [];
  readonly #conduct: Conduct;
  readonly #tally: Tally;
  readonly #split = new Set<string>();
  #did = 0;
  /** Why it is never mailed any more. */
  #left: string | null = null;
  #ended: Ended | null = null;
  /** When the mail that comes next is due by its plan, and where that stands. */
  #due: { cursor: number; at: Instant } | null = null;

  constructor(play: Play, start: EnrolledFacts, conduct: Conduct, tally: Tally) {
    this.#play = play;
    this.#events = start.events.toSorted((a, b) => a.at - b.at);
    this.#sends = [...start.sends];
    this.#facts = {
      ...start,
      lead: { ...start.lead },
      enrollment: { ...start.enrollment, tasks: this.#tasks },
      events: this.#events,
      sends: this.#sends,
    };
    this.#conduct = conduct;
    this.#tally = tally;
  }

  /** Goes through the sequence from a moment to the end of the period, or to where it is somebody else's. */
  run(from: Instant): void {
    let at = from;
    let looks = 0;
    let next = this.#turn(at);
    while (next !== null) {
      const doesAt = this.#conduct.nextAt;
      const dueAt = next.until ?? Infinity;
      const then = Math.max(at, Math.min(doesAt, dueAt)) as Instant;
      if (then > this.#play.to) return this.#tally.end(this.#ended?.reason ?? 'under way');
      looks = then === at ? looks + 1 : 0;
      if (looks > patience) throw new Error('A lead is looked at for ever.');
      at = then;
      // What the lead does takes a mail back that is due in the same moment.
      if (doesAt <= dueAt) {
        this.#do(this.#conduct.next());
        next = this.#look(at);
      } else next = next.then === 'deliver' ? this.#deliver(at) : this.#look(at);
    }
  }

  #look(at: Instant): Next | null {
    return this.#ended === null ? this.#turn(at) : this.#idle(at, this.#ended);
  }

  #do(deed: Deed): void {
    const { lead } = this.#facts;
    lead.revision += 1;
    switch (deed.what) {
      case 'bounce':
      case 'unsubscribe':
      case 'complaint':
        lead.suppressed = true;
        this.#left ??= leftBy[deed.what];
        return;
      case 'click':
      case 'reply':
      case 'own':
        this.#did += 1;
        this.#events.push(eventOf(deed, this.#did, this.#play.clickHoldMs));
        return;
      default:
        return deed.what satisfies never;
    }
  }

  /** A look at a lead that has left: what it does may still take it to sales, or into another sequence. */
  #idle(at: Instant, { reason, cause }: Ended): Next | null {
    const { agreement, pinned } = this.#play;
    const now = this.#at(at);
    const past = [...now.past, { sequence: pinned.sequence, endReason: cause }];
    const facts = { ...now, enrollment: null, past };
    const { appraisal, move } = decideIdle(facts, agreement, at);
    this.#note(facts, appraisal, at);
    switch (move.kind) {
      case 'wait':
        return { until: move.until, then: 'turn' };
      case 'rest':
        return nothing;
      case 'escalate':
        this.#tally.escalation(move.cause, at);
        return null;
      case 'enroll':
        this.#tally.end(reason);
        return null;
      default:
        return move satisfies never;
    }
  }

  #turn(at: Instant): Next | null {
    const facts = this.#at(at);
    const { agreement, pinned } = this.#play;
    const { appraisal, move } = decideEnrollment(facts, agreement, pinned, at);
    return this.#apply(facts, appraisal, move, at);
  }

  /** Sends the mail that is due, if it still is; else this is a turn like any other. */
  #deliver(at: Instant): Next | null {
    const facts = this.#at(at);
    const { agreement, pinned } = this.#play;
    const { appraisal, move: decided } = decideEnrollment(facts, agreement, pinned, at);
    const move = this.#possible(decided);
    // What variant fell to the lead is kept before its mail is sent, and who is asked for something on the way.
    if (!isDue(move, at) || move.exposures !== undefined || move.tasks !== undefined)
      return this.#apply(facts, appraisal, move, at);
    const instruction = pinned.plan[move.cursor];
    if (instruction?.do !== 'mail')
      throw new Error('What is due is a mail, where the lead stands.');
    this.#send(instruction, move.cursor, at);
    const after = moveOf(facts, agreement, pinned, appraisal, at);
    // Asking people takes a turn of its own.
    return after.kind === 'wait' && after.tasks === undefined
      ? this.#wait(after)
      : this.#apply(facts, appraisal, after, at);
  }

  #send(instruction: MailInstruction, cursor: number, at: Instant): void {
    const { agreement, pinned } = this.#play;
    const due = this.#due?.cursor === cursor ? this.#due.at : at;
    const before = this.#sends.filter(({ state }) => countsAsMailed(state)).map(send => send.at);
    const caps = [agreement.nurture.cap, ...(pinned.cap ? [pinned.cap] : [])];
    const isCapped = caps.some(cap => capAllows(before, cap, due) > due);
    this.#tally.mail(
      cursor,
      at,
      at - due < putOffAfterMs ? null : isCapped ? 'cap' : 'window',
      at - due,
    );
    const name = compiledName(instruction);
    const id = `simulated/${name}` as SendId;
    this.#sends.push({
      ...{ id, enrollmentId: this.#facts.enrollment.id, stepKey: instruction.mail },
      ...{ contentKey: contentKey(pinned.sequence, instruction.mail), state: 'accepted' },
      ...{ at, callAgeMs: null },
    });
    this.#conduct.receives(name, id, at);
  }

  /** A lead that could not go on in another sequence stays. */
  #possible(move: Move): Move {
    return move.kind === 'move' && !this.#play.published.has(move.sequence) ? move.otherwise : move;
  }

  #apply(facts: EnrolledFacts, appraisal: Appraisal, decided: Move, at: Instant): Next | null {
    const move = this.#possible(decided);
    this.#note(facts, appraisal, at);
    switch (move.kind) {
      case 'wait':
        for (const { task } of move.tasks?.begins ?? []) this.#tally.task(task);
        return this.#wait(ask(this.#tasks, move, this.#play.agreement, at));
      case 'end': {
        const { reason: cause } = move;
        this.#exposed(move.exposures);
        const reason = cause === 'suppressed' ? (this.#left ?? cause) : cause;
        this.#ended = { reason, cause };
        return nothing;
      }
      case 'escalate':
        this.#tally.escalation(move.cause, at);
        return null;
      case 'move':
        if (move.otherwise.kind === 'end') this.#exposed(move.otherwise.exposures);
        this.#tally.end(`moved to ${move.sequence}`);
        return null;
      default:
        return move satisfies never;
    }
  }

  /** Keeps what a turn writes about the lead itself. */
  #note(facts: Facts, appraisal: Appraisal, at: Instant): void {
    const { lead } = this.#facts;
    const before = lead.grade;
    const { grade } = appraisal.score;
    Object.assign(lead, seen(facts, appraisal, at));
    if (before !== null && before !== grade) this.#tally.grade(before, grade, at);
  }

  #wait(move: Wait): Wait {
    const { enrollment } = this.#facts;
    enrollment.cursor = move.cursor;
    enrollment.dueAt = move.dueAt;
    enrollment.blocked = move.blocked;
    this.#exposed(move.exposures);
    if (move.mail !== null && this.#due?.cursor !== move.cursor)
      this.#due = { cursor: move.cursor, at: move.dueAt };
    return move;
  }

  #exposed(exposures: Wait['exposures'] = []): void {
    for (const { split, variant } of exposures) {
      if (this.#split.has(split)) continue;
      this.#split.add(split);
      this.#tally.exposure(split, variant);
    }
  }

  /** The facts as they are loaded at a moment: what lies too far back is left out, but for clicks in this run's mails. */
  #at(at: Instant): EnrolledFacts {
    const limit = at - this.#play.lookback;
    if ((this.#events[0]?.at ?? at) > limit) return this.#facts;
    const own = this.#facts.enrollment.id;
    const events = this.#events.filter(
      event =>
        event.at > limit ||
        (event.kind === 'click' &&
          this.#sends.some(send => send.id === event.sendId && send.enrollmentId === own)),
    );
    return { ...this.#facts, events };
  }
}

const leftBy = { bounce: 'bounced', unsubscribe: 'unsubscribed', complaint: 'complained' } as const;
