import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';

/** HTTP's own limit (10 s) is well within an attempt's, and that within the worker's grace. */
const attempt = '30 seconds';

/** A throwing activity is an infrastructure fault: tried again until it is mended, ever more seldom. */
const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' };

export const { turn, intakeTurn, intakePage, escalationTurn, byOps, giveUpOnHook } =
  proxyActivities<Activities>({
    startToCloseTimeout: attempt,
    retry,
  });

/** Pages of leads take as long as telling those of them that must look for themselves; each page says that it goes on. */
export const { activationTurn } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry,
});

export const { signingTurn } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  retry,
});

/** After a loss of everything the sweep has thousands of workflows to start, and says that it goes on. */
export const { sweep } = proxyActivities<Activities>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '1 minute',
  retry,
});

/**
 * A mail still in the queue, or between two attempts, can be taken back; one that is being
 * delivered is waited for.
 */
export const { deliver } = proxyActivities<Activities>({
  startToCloseTimeout: attempt,
  retry,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** A receiver may be down for days; what it was not told by then is given up on. */
export const { deliverHook } = proxyActivities<Activities>({
  startToCloseTimeout: attempt,
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 3, maximumInterval: '2 hours' },
});
