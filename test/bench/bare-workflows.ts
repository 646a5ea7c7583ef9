import { proxyActivities, setHandler, sleep, condition, defineSignal } from '@temporalio/workflow';

const { noop } = proxyActivities<{ noop: () => Promise<void> }>({
  startToCloseTimeout: '30 seconds',
});

/** A timer and an activity that does nothing, so many times; the first at once where its wait is 0. */
export async function steps(first: number, wait: number, count: number): Promise<void> {
  if (first > 0) await sleep(first);
  for (let step = 0; step < count; step++) {
    await noop();
    if (step < count - 1) await sleep(wait);
  }
}

/** Started, and then asleep. */
export async function asleep(): Promise<void> {
  await sleep('30 days');
}

export const go = defineSignal('go');

/** A signal, an activity that does nothing, and the end. */
export async function signalled(): Promise<void> {
  let told = false;
  setHandler(go, () => {
    told = true;
  });
  await condition(() => told);
  await noop();
}
