// Imported by each of our processes before its own code, and so by the threads in which Temporal's SDK runs
// workflows. For the page "Call Stack" of the Temporal UI the SDK takes a stack trace of every promise that a workflow
// makes, and maps each line of it to its source: a third of all that a turn of a workflow costs. Ours wait in one place
// and say what for in their details and summaries. Where a runtime has no promise hooks the SDK does without, and says
// so when it is asked for a stack. Node's own hook, by which an `AsyncLocalStorage` goes along through an `await`, comes
// the same way; it looks at a promise before and after it is waited for, and the SDK's does not.
import { promiseHooks } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const { createHook } = promiseHooks;
  promiseHooks.createHook = hooks => {
    if (hooks.before) return createHook(hooks);
    throw new Error('Workflows are run without stack traces of their promises.');
  };
}
