import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 25;

/**
 * Asks a server that was just started whether it is ready, again and again.
 * @param exited resolves when the server's process ends
 * @returns false when the process ended, or was not ready in time
 */
export async function untilReady(
  isReady: () => Promise<boolean>,
  exited: Promise<unknown>,
  withinMs: number,
): Promise<boolean> {
  const gone = new AbortController();
  void exited.then(() => gone.abort());
  const deadline = Date.now() + withinMs;
  while (!gone.signal.aborted && Date.now() < deadline) {
    if (await isReady()) return true;
    await sleep(pauseMs);
  }
  return false;
}
