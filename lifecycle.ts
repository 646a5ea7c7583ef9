import type { Logger } from 'pino';

/** How long a process may take to come to its end, in milliseconds: longer than any of its work takes. */
const graceMs = 40_000;

/**
 * The life of one of Lockstep's processes, the same for all: it says when it is ready, and drains
 * when it is told to stop (SIGTERM, SIGINT) or when whoever started it is gone.
 * @param drain finishes what is under way; the process ends after it, with the exit code 1 when it fails or takes
 *   longer than the grace
 * @param log is told why, when it is 1
 */
export function untilToldToStop(drain: () => Promise<void>, log?: Logger): void {
  let stopping = false;
  const fail = (fields: object, why: string) => {
    log?.error(fields, why);
    process.exit(1);
  };
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => fail({ graceMs }, 'what was under way took too long'), graceMs).unref();
    drain().then(
      () => process.exit(0),
      (error: unknown) =>
        fail({ error: error instanceof Error ? error.name : 'unknown' }, 'stopping failed'),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
