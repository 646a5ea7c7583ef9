import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto, { type temporal } from '@temporalio/proto';
import { plus, type Instant } from '../domain/instant.ts';

type TimeSkippingConfig = temporal.api.common.v1.TimeSkippingConfig.$Shape;

const {
  FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED: completed,
  FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT: notYet,
} = proto.temporal.api.enums.v1.FastForwardPollingResult;

/** A forward stops at this many timers; a workflow of ours has one or two. */
const maxSkips = 10_000;

/*
 * Virtual time of the real server (`frontend.WorkflowTimeSkippingEnabled`): a workflow is started as
 * any other, and its clock is forwarded on command. A workflow that is started with a
 * fast-forward of its own has been seen to run ahead to its first timer, about one time in three.
 */

/** What a running workflow says of itself. */
interface State {
  /** The present moment by its own clock, in milliseconds. */
  now: number;
  /** How far that is ahead of the domain's, in milliseconds. */
  shift: number;
  /** What is under way: tasks, activities; null when it only waits. */
  busyWith: string | null;
}

/** @returns null when there is no such workflow, or it has ended */
async function stateOf({ workflowService, options }: Client, id: string): Promise<State | null> {
  try {
    const description = await workflowService.describeWorkflowExecution({
      namespace: options.namespace,
      execution: { workflowId: id },
    });
    const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = description;
    if (info?.closeTime) return null;
    const memo = info?.memo?.fields?.shift;
    const shift: unknown = memo ? defaultPayloadConverter.fromPayload(memo) : 0;
    const activities = description.pendingActivities.map(
      ({ activityType, lastFailure }) =>
        `${activityType?.name} (${lastFailure?.message ?? 'running'})`,
    );
    const tasks = description.pendingWorkflowTask ? ['a workflow task'] : [];
    return {
      now: optionalTsToMs(extended?.timeSkippingInfo?.currentTime) ?? Date.now(),
      shift: typeof shift === 'number' ? shift : 0,
      busyWith: [...activities, ...tasks].join(', ') || null,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || (error as { code?: number }).code === 5)
      return null;
    throw error;
  }
}

/** How long a workflow may be at work before somebody asks why, in milliseconds. */
const patienceMs = 20_000;

/**
 * Waits until a workflow has nothing under way: no task, no activity.
 * @returns what it says then; null when it has ended
 * @throws Error when it is still at work after that long
 */
export async function idle(
  client: Client,
  workflowId: string,
  withinMs = patienceMs,
): Promise<State | null> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const state = await stateOf(client, workflowId);
    if (state === null || state.busyWith === null) return state;
    if (Date.now() > deadline)
      throw new Error(`${workflowId} is still at work: ${state.busyWith}.`);
    await sleep(10);
  }
}

/**
 * How far beyond a timer its clock is forwarded, in milliseconds: longer than what a timer sets going ever takes,
 * shorter than anything that the domain waits for.
 */
const beyondMs = 30_000;

/**
 * Forwards a workflow's clock to a moment of the domain, once nothing of it is under way, through every timer on
 * the way, and waits until it is there. Does nothing when the moment has passed. Only for moments at which
 * nothing of it begins: a forward that ends while an activity runs was seen to be missed by the server, which
 * then went on to the next timer, days too far, 3 times in a hundred.
 * @param withinMs how long what is under way may take
 * @returns false when the workflow ended before
 */
export async function forward(
  client: Client,
  workflowId: string,
  moment: Instant,
  withinMs = patienceMs,
): Promise<boolean> {
  const state = await idle(client, workflowId, withinMs);
  if (state === null) return false;
  const left = moment + state.shift - state.now;
  if (left <= 0) return true;
  const { namespace } = client.options;
  const workflowExecution = { workflowId };
  const config = configOf(left);
  const { workflowService } = client;
  try {
    await workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution,
      workflowExecutionOptions: { timeSkippingConfig: config },
      updateMask: { paths: ['time_skipping_config'] },
    });
    const fastForwardId = config.fastForwardConfig?.id ?? '';
    const poll = { namespace, workflowExecution, fastForwardId };
    for (;;) {
      // One that is left under way would add to the next.
      const { fastForwardPollingResult: result } =
        await workflowService.pollWorkflowExecutionTimeSkipping(poll);
      if (result !== notYet) return result === completed;
    }
  } catch (error) {
    // It ended while it was forwarded.
    if ((await stateOf(client, workflowId)) === null) return false;
    throw error;
  }
}

/**
 * Forwards a workflow's clock through its next timer, and waits until it has done what the timer sets going. It
 * ends well beyond the timer, when the workflow waits for the next; so it never ends while an activity runs.
 * @param due the moment of the domain that the timer was set for
 * @returns false when the workflow ended before or because of it
 */
export async function forwardThroughTimer(
  client: Client,
  workflowId: string,
  due: Instant,
  withinMs = patienceMs,
): Promise<boolean> {
  return forward(client, workflowId, plus(due, beyondMs), withinMs);
}

function configOf(duration: number): TimeSkippingConfig {
  return proto.temporal.api.common.v1.TimeSkippingConfig.create({
    enabled: true,
    disablePropagation: true,
    maxSessionSkipCount: maxSkips,
    fastForwardConfig: { id: randomUUID(), duration: msToTs(Math.max(1, duration)) },
  });
}
