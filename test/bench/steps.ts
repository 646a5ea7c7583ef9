import { setTimeout as sleep } from 'node:timers/promises';
import { startSteps } from './bare.ts';
import type { Machine, Part } from './machine.ts';
import { bringIn, mailsEvery, publish } from './program.ts';
import type { Run } from './run.ts';

const workflows = 300;
const mails = 5;

/** Counts steps between a tenth and nine tenths of all, where nothing is beginning or ending. */
async function measure(
  machine: Machine,
  count: () => Promise<number>,
  total: number,
): Promise<Run> {
  const reach = async (wanted: number) => {
    for (;;) {
      const seen = await count();
      if (seen >= wanted) return { seen, at: Date.now(), cpu: await machine.cpu() };
      await sleep(50);
    }
  };
  const from = await reach(total * 0.1);
  const to = await reach(total * 0.9);
  const steps = to.seen - from.seen;
  await reach(total);
  const cpu = Object.fromEntries(
    Object.entries(to.cpu).map(([part, used]) => [
      part,
      (used - (from.cpu[part as Part] ?? 0)) / steps,
    ]),
  );
  return { rate: (steps / (to.at - from.at)) * 1000, cpu };
}

const counter = (port: number) => async () =>
  Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text());

export async function bareSteps(machine: Machine, port: number): Promise<Run> {
  const worker = await machine.start('worker', 'test/bench/bare-worker.ts', {
    BARE_PORT: String(port),
  });
  try {
    await startSteps(machine.client, workflows, 4_000, 1_000, mails);
    return await measure(machine, counter(port), workflows * mails);
  } finally {
    await worker.stop();
  }
}

let runs = 0;
export async function lockstepSteps(machine: Machine): Promise<Run> {
  const worker = await machine.start('worker', 'worker.ts');
  const sink = await machine.start('sink', 'test/bench/sink.ts', {
    SINK_PORT: String(machine.ports.sink),
  });
  try {
    runs += 1;
    await publish(
      machine.database,
      'steps',
      mailsEvery('8s', '1s', mails).replace('bench', `bench ${runs}`),
    );
    await bringIn(machine, 'steps', workflows);
    return await measure(machine, counter(machine.ports.sink), workflows * mails);
  } finally {
    await worker.stop();
    await sink.stop();
  }
}
