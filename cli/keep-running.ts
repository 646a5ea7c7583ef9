import { isStartedByNpm } from '../config.ts';
import type { ProcessIdentity } from '../sandbox/servers/process-identity.ts';
import { Supervisor } from '../sandbox/supervisor.ts';
import type { UpReporter } from './up-reporter.ts';

/**
 * Starts what `start` starts and keeps it running until Ctrl-C or SIGTERM, or until something cannot
 * be kept running; then stops all of it in order.
 */
export async function keepRunning(
  reporter: UpReporter,
  onChange: (processes: ProcessIdentity[]) => Promise<void>,
  start: (supervisor: Supervisor) => Promise<void>,
  onStopped: () => Promise<void>,
): Promise<void> {
  let giveUp: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (giveUp = reject));
  const told = untilTold();
  const supervisor = new Supervisor(reporter, onChange, giveUp);
  try {
    await Promise.race([start(supervisor).then(() => told), told, failed]);
    reporter.say('\nStopping: what is under way comes to its end first.');
  } finally {
    const began = Date.now();
    await supervisor.stop();
    await onStopped();
    reporter.say(
      `Stopped after ${((Date.now() - began) / 1000).toFixed(1)} s. Everything is kept for the next start.`,
    );
  }
}

/** How often it is looked whether npm is still there, in milliseconds. */
const lookForParentMs = 500;

/**
 * Ctrl-C, SIGTERM, or the end of the npm that started it: npm hands a signal to a shell in between,
 * which ends and hands on nothing.
 */
function untilTold(): Promise<void> {
  return new Promise(resolve => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
    if (!isStartedByNpm()) return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, lookForParentMs).unref();
  });
}
