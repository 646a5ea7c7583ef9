import { isStartedByNpm } from '../config.ts';
import type { ProcessIdentity } from '../sandbox/servers/process-identity.ts';
import { Supervisor } from '../sandbox/supervisor.ts';
import type { UpReporter } from './up-reporter.ts';

/**
 * Starts what `start` starts and keeps it running until Ctrl-C or SIGTERM, or until something cannot
 * be kept running; then stops all of it in order.
 * @param start is told by its signal when it should come to rest
 */
export async function keepRunning(
  reporter: UpReporter,
  onChange: (processes: ProcessIdentity[]) => Promise<void>,
  start: (supervisor: Supervisor, signal: AbortSignal) => Promise<void>,
  onStopped: () => Promise<void>,
): Promise<void> {
  let giveUp: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (giveUp = reject));
  const supervisor = new Supervisor(reporter, onChange, giveUp);
  const told = untilTold(() => {
    reporter.say('Ending everything at once; what was under way is taken up by the next start.');
    supervisor.kill();
    process.exit(130);
  });
  const ending = new AbortController();
  const starting = start(supervisor, ending.signal);
  try {
    await Promise.race([starting.then(() => told), told, failed]);
    reporter.say('\nStopping: what is under way comes to its end first. Again to end it at once.');
  } finally {
    const began = Date.now();
    ending.abort();
    await supervisor.stop();
    // What was still being prepared fails now, because its servers are gone.
    await starting.catch(() => undefined);
    await onStopped();
    reporter.say(
      `Stopped after ${((Date.now() - began) / 1000).toFixed(1)} s. Everything is kept for the next start.`,
    );
  }
}

/** Signals within this many milliseconds are one. */
const oneSignalMs = 1_000;
/** How often it is looked whether npm is still there, in milliseconds. */
const lookForParentMs = 500;

/**
 * Ctrl-C, SIGTERM, or the end of the npm that started it: npm hands a signal to a shell in between,
 * which ends and hands on nothing.
 * @param again what a second signal does
 */
function untilTold(again: () => void): Promise<void> {
  return new Promise(resolve => {
    let toldAt: number | null = null;
    const onSignal = () => {
      // One Ctrl-C may come twice: from the terminal, and handed on by npm.
      if (toldAt !== null && Date.now() - toldAt > oneSignalMs) again();
      toldAt ??= Date.now();
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    if (!isStartedByNpm()) return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, lookForParentMs).unref();
  });
}
