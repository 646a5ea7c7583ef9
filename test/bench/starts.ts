import { startAsleep } from './bare.ts';
import type { Machine, Part } from './machine.ts';
import { bringIn, mailsEvery, publish } from './program.ts';
import type { Run } from './run.ts';

const leads = 2_000;

/** Workflow starts a second, by as many at once as an import page does. */
export async function bareStarts(machine: Machine, port: number): Promise<Run> {
  const worker = await machine.start('worker', 'test/bench/bare-worker.ts', {
    BARE_PORT: String(port),
  });
  try {
    return await timed(machine, () => startAsleep(machine.client, leads, 16));
  } finally {
    await worker.stop();
  }
}

/** Leads a second from a CSV file to an enrollment whose workflow runs. */
export async function lockstepStarts(machine: Machine): Promise<Run> {
  const worker = await machine.start('worker', 'worker.ts');
  try {
    await publish(machine.database, 'steps', mailsEvery('30 days', '1 day', 5));
    return await timed(machine, () => bringIn(machine, 'steps', leads));
  } finally {
    await worker.stop();
  }
}

async function timed(machine: Machine, work: () => Promise<void>): Promise<Run> {
  const before = await machine.cpu();
  const began = Date.now();
  await work();
  const took = Date.now() - began;
  const after = await machine.cpu();
  return {
    rate: (leads / took) * 1000,
    cpu: Object.fromEntries(
      Object.entries(after).map(([part, used]) => [
        part,
        (used - (before[part as Part] ?? 0)) / leads,
      ]),
    ),
  };
}
