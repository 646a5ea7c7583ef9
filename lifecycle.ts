/**
 * The life of one of Lockstep's processes, the same for all: it says when it is ready, and drains
 * when it is told to stop (SIGTERM, SIGINT) or when whoever started it is gone.
 * @param drain finishes what is under way; the process ends after it
 */
export function untilToldToStop(drain: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    drain().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
