import { continueAsNew, workflowInfo, type Workflow } from '@temporalio/workflow';

/** Long before the server would suggest it, so that no lead's history is slow to load. */
const longHistory = 2_000;

/** Whether the history has grown so long that a new run should take over. */
export function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= longHistory;
}

/**
 * Ends this run and goes on in a new one with an empty history; memo and search attributes stay. What a
 * signal left in this run's memory must be handed on with the input.
 */
export function goOnAfresh<F extends Workflow>(...input: Parameters<F>): Promise<never> {
  return continueAsNew<F>(...input);
}
