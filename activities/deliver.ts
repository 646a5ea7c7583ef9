import { ApplicationFailure } from '@temporalio/common';
import { spreadOf } from '../domain/calendar/send-window.ts';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { day, minute, plus, type Instant } from '../domain/instant.ts';
import { normalizeAddress } from '../domain/lead/address.ts';
import { appraise, type Appraisal } from '../domain/nurture/appraise.ts';
import { moveOf, pinned, type Move } from '../domain/nurture/decide.ts';
import { isDue } from '../domain/nurture/due.ts';
import { callLostAfterMs, retryHeldMailMs } from '../domain/nurture/mail-moment.ts';
import {
  contentKey,
  type Block,
  type EnrollmentFacts,
  type SendFacts,
} from '../domain/nurture/facts.ts';
import type { Next } from '../domain/nurture/next.ts';
import { sendOf } from '../domain/nurture/walk.ts';
import { compiledName } from '../domain/sequence/plan.ts';
import type { Answer } from '../mail/answer.ts';
import { mailFor } from '../mail/message.ts';
import { personalize, TemplateError, type PersonalMail } from '../mail/personalize.ts';
import { claimSend, giveUpOn, releaseSend, settleSend, type Claim } from '../store/send.ts';
import { currentVersionId, type StoredVersion } from '../store/sequence-version.ts';
import { suppress } from '../store/suppression.ts';
import { applyMove, untilFresh, type EnrolledFacts } from './apply.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { look } from './moment.ts';
import { waitNext } from './standing.ts';
import { closedNext, isOpen, type EnrollmentInput } from './turn.ts';

/** How often what was decided may be overtaken before the attempt is left to the next. */
const patience = 5;

/**
 * Sends the mail that is due, if it still is: decide again, render, write the ledger, call, settle. What
 * is due may have changed on the way here; then this is a turn like any other.
 */
export async function deliver(context: Context, input: EnrollmentInput): Promise<Next> {
  for (let attempt = 1; attempt <= patience; attempt++) {
    const next = await untilFresh(() => attemptDelivery(context, input));
    if (next !== 'overtaken') return next;
  }
  throw ApplicationFailure.retryable('overtaken', 'overtaken');
}

async function attemptDelivery(
  context: Context,
  input: EnrollmentInput,
): Promise<Next | 'overtaken'> {
  const looked = await look(context.database, input.lead, input.shift);
  if (looked === null) throw unknownRow('lead');
  const { facts, at } = looked;
  if (!isOpen(facts, input.enrollment)) return closedNext(context, facts, input, at);
  const delivery = new Delivery(
    context,
    facts,
    await context.agreement(facts.agreementId),
    await context.version(facts.enrollment.versionId),
    at,
    input.shift,
  );
  return delivery.attempt();
}

/** One attempt to send what is due to one lead, with everything that it rests on. */
class Delivery {
  readonly #context: Context;
  readonly #facts: EnrolledFacts;
  readonly #agreement: Agreement;
  readonly #version: StoredVersion;
  readonly #at: Instant;
  readonly #shift: number;
  /** Of the lead as it was loaded; sending a mail changes nothing in it. */
  readonly #appraisal: Appraisal;

  constructor(
    context: Context,
    facts: EnrolledFacts,
    agreement: Agreement,
    version: StoredVersion,
    at: Instant,
    shift: number,
  ) {
    this.#context = context;
    this.#facts = facts;
    this.#agreement = agreement;
    this.#version = version;
    this.#at = at;
    this.#shift = shift;
    this.#appraisal = appraise(facts, agreement, at);
  }

  async attempt(): Promise<Next | 'overtaken'> {
    const move = await this.#possible(this.#decide(this.#facts));
    // What variant fell to the lead is kept before its mail is sent, and who is asked for something on the way.
    if (!isDue(move, this.#at) || move.exposures !== undefined || move.tasks !== undefined)
      return this.#apply(this.#facts, move);
    const { name } = move.mail;
    const instruction = this.#version.content.plan[move.cursor];
    if (instruction?.do !== 'mail')
      throw new Error('What is due is a mail, where the lead stands.');
    const call = sendOf(this.#facts, this.#version.name, name);
    if (call !== undefined) {
      // What stands in the ledger without an answer is a call that was cut off.
      if ((call.callAgeMs ?? 0) < callLostAfterMs) return this.#apply(this.#facts, move);
      await giveUpOn(this.#context.database, call.id, this.#at);
      return 'overtaken';
    }
    let mail: PersonalMail;
    try {
      mail = personalize(
        this.#version.content,
        compiledName(instruction),
        this.#facts.lead,
        this.#context.links,
      );
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const { message: detail } = error;
      return this.#putOff({
        blocked: { code: 'template', mail: compiledName(instruction), detail },
      });
    }
    return this.#send(name, instruction.variant?.name ?? null, mail);
  }

  async #send(
    name: string,
    variant: string | null,
    mail: PersonalMail,
  ): Promise<Next | 'overtaken'> {
    const { database, gateway } = this.#context;
    const { enrollment, lead } = this.#facts;
    const { cap } = this.#version.content;
    const caps = [this.#agreement.nurture.cap, ...(cap ? [cap] : [])];
    const claim = await claimSend(database, {
      enrollmentId: enrollment.id,
      versionId: this.#version.id,
      leadId: lead.id,
      stepKey: name,
      variant,
      contentKey: contentKey(this.#version.name, name),
      caps: caps.map(({ mails, days }) => ({ mails, since: plus(this.#at, -days * day) })),
      at: this.#at,
    });
    if (claim === null) return 'overtaken';
    const outgoing = mailFor(mail, claim, this.#version, enrollment.id, name);
    return this.#settle(name, claim, await gateway.send(outgoing));
  }

  async #settle(name: string, claim: Claim, answer: Answer): Promise<Next | 'overtaken'> {
    const { database } = this.#context;
    switch (answer.kind) {
      case 'accepted':
        return this.#goOn(name, claim, 'accepted', answer.providerId, null);
      case 'unknown':
        return this.#goOn(name, claim, 'unknown', null, answer.reason);
      case 'refused': {
        if (answer.badAddress) {
          const result = normalizeAddress(claim.address);
          if ('address' in result)
            await suppress(database, [result.address], 'refused by the provider', this.#at);
        }
        return this.#goOn(name, claim, 'refused', null, answer.reason);
      }
      case 'wait': {
        await releaseSend(database, claim);
        const wait = answer.until === null ? minute : Math.max(0, answer.until - this.#at);
        return this.#putOff({ dueAt: plus(this.#at, wait + this.#spread(name, minute)) });
      }
      case 'account': {
        await releaseSend(database, claim);
        const detail = `the provider refuses the account or its key (${answer.status})`;
        return this.#putOff({
          blocked: { code: 'provider', mail: name, detail },
          dueAt: plus(this.#at, retryHeldMailMs + this.#spread(name, retryHeldMailMs)),
        });
      }
      case 'unreachable':
        await releaseSend(database, claim);
        throw ApplicationFailure.retryable('the provider is unreachable', answer.code);
      default:
        return answer satisfies never;
    }
  }

  /** Records what came of the call, and decides on what comes after it. */
  async #goOn(
    name: string,
    claim: Claim,
    state: 'accepted' | 'unknown' | 'refused',
    providerId: string | null,
    reason: string | null,
  ): Promise<Next | 'overtaken'> {
    const send: SendFacts = {
      id: claim.sendId,
      enrollmentId: this.#facts.enrollment.id,
      stepKey: name,
      contentKey: contentKey(this.#version.name, name),
      state,
      at: this.#at,
      callAgeMs: null,
    };
    const after: EnrolledFacts = {
      ...this.#facts,
      turn: this.#facts.turn + 1,
      sends: [...this.#facts.sends, send],
      enrollment: { ...this.#facts.enrollment, blocked: null },
    };
    const move = this.#decide(after);
    // Asking people takes a turn of its own.
    const wait = move.kind === 'wait' && move.tasks === undefined ? move : null;
    const place =
      wait === null
        ? { cursor: after.enrollment.cursor, dueAt: this.#at, wakeAt: this.#at }
        : { cursor: wait.cursor, dueAt: wait.dueAt, wakeAt: wait.until };
    const exposures = wait?.exposures ?? [];
    const settlement = { state, providerId, reason, ...place, exposures };
    const held = await settleSend(this.#context.database, claim, settlement, this.#at);
    if (!held) return 'overtaken';
    return wait === null
      ? this.#apply(after, move)
      : waitNext(after.enrollment, this.#appraisal, wait);
  }

  /** Does not send now: the mail waits, for a moment or for somebody. */
  #putOff(
    change: Partial<Pick<EnrollmentFacts, 'blocked' | 'dueAt'>> & { blocked?: Block },
  ): Promise<Next> {
    const facts = { ...this.#facts, enrollment: { ...this.#facts.enrollment, ...change } };
    return this.#apply(facts, this.#decide(facts));
  }

  /** A lead that could not go on in another sequence is not kept from the mail that is due in this one. */
  async #possible(move: Move): Promise<Move> {
    if (move.kind !== 'move') return move;
    const versionId = await currentVersionId(this.#context.database, move.sequence);
    return versionId === null ? move.otherwise : move;
  }

  #decide(facts: EnrolledFacts): Move {
    return moveOf(facts, this.#agreement, pinned(this.#version), this.#appraisal, this.#at);
  }

  #apply(facts: EnrolledFacts, move: Move): Promise<Next> {
    const decision = { appraisal: this.#appraisal, move };
    return applyMove(this.#context, facts, this.#agreement, decision, this.#at, this.#shift);
  }

  #spread(name: string, over: number): number {
    return Math.floor(spreadOf(`${this.#facts.lead.spread}/${name}`) * over);
  }
}
