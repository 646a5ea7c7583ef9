import { createServer, type AddressInfo } from 'node:net';

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

/** A port that was free a moment ago; ports handed out by one call differ from each other. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    probes.map(
      probe =>
        new Promise<number>((resolve, reject) => {
          probe.once('error', reject);
          probe.listen({ port: 0, host: '127.0.0.1' }, () =>
            resolve((probe.address() as AddressInfo).port),
          );
        }),
    ),
  );
  await Promise.all(probes.map(probe => new Promise(resolve => probe.close(resolve))));
  return ports;
}
