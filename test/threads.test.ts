import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

/** What a thread of one of our processes says, as those do in which workflows run. */
async function said(code: string): Promise<unknown> {
  const module = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const thread = new Worker(module, { execArgv: ['--import', './engine/threads.mjs'] });
  const [message] = (await once(thread, 'message')) as unknown[];
  await thread.terminate();
  return message;
}

it('lets no stack trace be taken of the promises of workflows', async () => {
  const reason = await said(`
    import { promiseHooks } from 'node:v8';
    import { parentPort } from 'node:worker_threads';
    try {
      promiseHooks.createHook({ init: () => {}, settled: () => {} });
    } catch (error) {
      parentPort.postMessage(error.message);
    }`);
  expect(reason).toBe('Workflows are run without stack traces of their promises.');
});

it('lets what a scope of cancellation is told by go along through what it waits for', async () => {
  const kept = await said(`
    import { AsyncLocalStorage } from 'node:async_hooks';
    import { parentPort } from 'node:worker_threads';
    const storage = new AsyncLocalStorage();
    storage.run('scope', async () => {
      await null;
      parentPort.postMessage(storage.getStore());
    });`);
  expect(kept).toBe('scope');
});
