import type { Machine, Part } from './machine.ts';

/** What can run on a machine, by the part that it is measured as. */
const processes = {
  worker: { part: 'worker', entry: 'worker.ts' },
  http: { part: 'http', entry: 'http/main.ts' },
  sink: { part: 'sink', entry: 'test/bench/sink.ts' },
  'bare worker': { part: 'worker', entry: 'test/bench/bare-worker.ts' },
  'bare webhook': { part: 'http', entry: 'test/bench/bare-ingest.ts' },
} as const satisfies Record<string, { part: Part; entry: string }>;
export type ProcessName = keyof typeof processes;

/** Does some work while processes run: they are started in order before it, and stopped in order after it. */
export async function whileRunning<T>(
  machine: Machine,
  names: readonly ProcessName[],
  work: () => Promise<T>,
): Promise<T> {
  const running = [];
  for (const name of names) {
    const { part, entry } = processes[name];
    running.push(await machine.start(part, entry));
  }
  try {
    return await work();
  } finally {
    for (const each of running) await each.stop();
  }
}

/** What the sink, or the bare worker, has counted so far. */
export async function countAt(port: number): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text());
}
