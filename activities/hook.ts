import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { HookId } from '../domain/ids.ts';
import { minute, second, type Instant } from '../domain/instant.ts';
import { realClock } from '../engine/clock.ts';
import { countRunningHooks, runningHooks } from '../engine/running.ts';
import { payloadOf } from '../hook/payload.ts';
import { hookFacts, markDead, markDelivered, markFailed, waitingHooks } from '../store/hook.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { momentOf } from './moment.ts';

/** What a workflow of a hook works with. */
interface HookInput {
  hook: HookId;
  shift: number;
}

/** How long one that finds too many under way waits, for each time that it found so, and at most; milliseconds. */
const busyMs = 5 * second;
const mostBusyMs = minute;
/** How many workflows the sweep starts at once. */
const width = 16;

/**
 * One attempt to tell the receiver. What it is told is made of the database now, so that no history holds it.
 * @returns what came of it, for the Temporal UI
 * @throws ApplicationFailure with a code, to be tried again
 */
export async function deliverHook(
  { database, hooks, links }: Context,
  { hook: id, shift }: HookInput,
): Promise<string> {
  const facts = await hookFacts(database, id);
  if (facts === null) throw unknownRow('hook');
  if (!facts.isWaiting) return 'Nothing is left to do.';
  if (hooks?.hasRoom === false) throw busy(activityInfo().attempt);
  const at = momentOf(shift);
  // A link that answers in the owner's name has no place in a chat; this one only shows.
  const payload = payloadOf(facts, links.lead(facts.lead.id, at));
  const answer = await hooks?.post(id, payload, realClock.now());
  switch (answer?.kind) {
    case 'taken':
      await markDelivered(database, id, at);
      return `Delivered: ${facts.kind}.`;
    case 'gone':
      await markFailed(database, id, 'status 410');
      await markDead(database, id, 'status 410', at);
      return 'Given up on: the receiver is gone (status 410).';
    case 'failed':
    case undefined: {
      const code = answer?.code ?? 'no receiver';
      await markFailed(database, id, code);
      throw ApplicationFailure.retryable(code, 'hook');
    }
    default:
      return answer satisfies never;
  }
}

/** Leaves its place to mails and turns, which a slow receiver must not hold up. */
function busy(attempt: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'too many at once',
    type: 'busy',
    nextRetryDelay: Math.min(attempt * busyMs, mostBusyMs),
  });
}

/** Notes that nobody tries any more. */
export async function giveUpOnHook(
  { database, log }: Context,
  { hook: id, isCancelled, shift }: HookInput & { isCancelled: boolean },
): Promise<void> {
  await markDead(database, id, isCancelled ? 'cancelled' : null, momentOf(shift));
  log.warn({ hook: id }, 'a webhook was given up on');
}

/** Starts the workflow of every hook from before a moment that waits and has none. */
export async function startLostHooks(
  { database, engine }: Context,
  before: Instant,
  shift: number,
): Promise<void> {
  const waiting = await waitingHooks(database, before);
  if (waiting.length === 0 || waiting.length === (await countRunningHooks(engine.client))) return;
  const running = await runningHooks(engine.client);
  const missing = waiting.filter(id => !running.has(id));
  await inParallel(missing, width, id => engine.hook(id, { shift, again: true }));
}
