import { ApplicationFailure } from '@temporalio/common';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  Next,
} from '@temporalio/worker';
import { activityInfo } from '@temporalio/activity';
import type { Logger } from 'pino';
import { sqlState } from '../store/database.ts';

/**
 * Reduces every error of an activity to a code before it leaves the process: a failure stands in the
 * history for ever, and a driver's message may quote an address or a row.
 */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      const code = codeOf(error);
      const { activityType, workflowExecution, attempt } = activityInfo();
      this.#log.warn(
        { activity: activityType, workflow: workflowExecution?.workflowId, attempt, code },
        'an activity failed and is tried again',
      );
      throw ApplicationFailure.create({ message: code, type: code, nonRetryable: false });
    }
  }
}

/** What went wrong, in a word that holds nothing of what it went wrong with. */
function codeOf(error: unknown): string {
  const state = sqlState(error);
  if (state !== null) return `sql-${state}`;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(code)) return code;
  return typeof name === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(name) ? name : 'unknown';
}

/** There is no such row, and there never will be: trying again does not help. */
export function unknownRow(kind: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`no such ${kind}`, 'unknown-row');
}
