import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto, { type temporal } from '@temporalio/proto';
import type { Instant } from '../domain/instant.ts';

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

/** The present moment of a workflow by its own clock and its shift, in milliseconds; null when there is none such, or it has ended. */
async function workflowTime(
  client: Client,
  workflowId: string,
): Promise<{ now: number; shift: number } | null> {
  try {
    const description = await client.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId },
    });
    const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = description;
    if (info?.closeTime) return null;
    const memo = info?.memo?.fields?.shift;
    const shift: unknown = memo ? defaultPayloadConverter.fromPayload(memo) : 0;
    const now = optionalTsToMs(extended?.timeSkippingInfo?.currentTime) ?? Date.now();
    return { now, shift: typeof shift === 'number' ? shift : 0 };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || (error as { code?: number }).code === 5)
      return null;
    throw error;
  }
}

/** What a call takes at the least, with room, in milliseconds. */
const leastCallMs = 20;

/**
 * Forwards a workflow's clock to a moment of the domain, through every timer on the way, and waits until it is
 * there. Does nothing when the moment has passed. Only for moments at which nothing of it is under way: a
 * forward that ends while an activity runs was seen to be missed by the server, which then went on to the
 * next timer, days too far, 3 times in a hundred.
 * @returns false when the workflow ended before
 */
export async function forward(
  client: Client,
  workflowId: string,
  moment: Instant,
): Promise<boolean> {
  return forwardTo(client, workflowId, moment, () => 0);
}

/**
 * Forwards a workflow's clock to just before its next timer, which then fires by itself; so no forward is
 * under way while what the timer sets going runs. The server is told a duration and not a moment: it ends
 * later by what the call took, and so it is told less by what calls take now.
 * @param due the moment of the domain that the timer was set for
 * @returns false when the workflow ended before
 */
export async function forwardToTimer(
  client: Client,
  workflowId: string,
  due: Instant,
): Promise<boolean> {
  return forwardTo(client, workflowId, due, callMs => 2 * callMs + leastCallMs);
}

async function forwardTo(
  client: Client,
  workflowId: string,
  moment: Instant,
  short: (callMs: number) => number,
): Promise<boolean> {
  const began = performance.now();
  const time = await workflowTime(client, workflowId);
  if (time === null) return false;
  const left = moment + time.shift - time.now - short(performance.now() - began);
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
    if ((await workflowTime(client, workflowId)) === null) return false;
    throw error;
  }
}

/** Waits until a workflow has nothing under way: no task, no activity. Returns at once when it has ended. */
export async function idle(client: Client, workflowId: string, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const description = await client.workflowService
      .describeWorkflowExecution({
        namespace: client.options.namespace,
        execution: { workflowId },
      })
      .catch((error: unknown) => {
        if ((error as { code?: number }).code === 5) return null;
        throw error;
      });
    if (description === null) return;
    const { workflowExecutionInfo: info, pendingActivities, pendingWorkflowTask } = description;
    const isBusy = pendingActivities.length > 0 || pendingWorkflowTask;
    if (info?.closeTime || !isBusy) return;
    if (Date.now() > deadline)
      throw new Error(
        `${workflowId} is still at work: ${pendingActivities.map(({ activityType, lastFailure }) => `${activityType?.name} (${lastFailure?.message ?? 'running'})`).join(', ') || 'a workflow task'}.`,
      );
    await sleep(10);
  }
}

function configOf(duration: number): TimeSkippingConfig {
  return proto.temporal.api.common.v1.TimeSkippingConfig.create({
    enabled: true,
    disablePropagation: true,
    maxSessionSkipCount: maxSkips,
    fastForwardConfig: { id: randomUUID(), duration: msToTs(Math.max(1, duration)) },
  });
}
