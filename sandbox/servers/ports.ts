import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A TCP port that somebody else holds. The message names it and says what to do. */
export class PortBusyError extends Error {
  constructor(port: number, purpose: string, option: string) {
    super(
      `Port ${port} (${purpose}) is in use by another process. ` +
        `Stop that process, or choose another port with ${option} ${port + 100}.`,
    );
    this.name = 'PortBusyError';
  }
}

/** Whether 127.0.0.1:`port` can be listened on now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/** Below those that systems give to outgoing connections (from 32768 on), so that none of these takes one meanwhile. */
const lowest = 15_000;
const highest = 32_000;

/** Ports that were free a moment ago; those handed out by one call differ from each other. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(lowest, highest);
    if (!ports.has(port) && (await isPortFree(port))) ports.add(port);
  }
  return [...ports];
}
