import { setTimeout as sleep } from 'node:timers/promises';
import { startSteps } from './bare.ts';
import type { Machine } from './machine.ts';
import { countAt, whileRunning } from './processes.ts';
import { bringIn, mailsEvery, publish, prepare } from './program.ts';
import { alternate, compared, costOf, mustBeFit, type Run, type Scenario } from './run.ts';

const workflows = 300;
const mails = 5;

/** Mail steps a second of many leads at once, against a timer and an activity that does nothing. */
export const steps: Scenario = async (machine, options) => {
  await prepare(machine, ['steps']);
  await publish(machine.database, 'steps', mailsEvery('8s', '1s', mails));
  const runs = await alternate(
    options,
    () => lockstepSteps(machine),
    () => bareSteps(machine),
  );
  mustBeFit(
    'steps',
    runs.theirs.map(({ rate }) => rate),
    130,
  );
  return compared('steps', 'mail steps', runs, { rate: 0.6, cpu: 1.7 });
};

/** Counts steps between a tenth and nine tenths of all, where nothing is beginning or ending. */
async function measure(machine: Machine, count: () => Promise<number>): Promise<Run> {
  const total = workflows * mails;
  const reach = async (wanted: number) => {
    for (;;) {
      const seen = await count();
      if (seen >= wanted) return { seen, at: Date.now(), cpu: await machine.cpu() };
      await sleep(50);
    }
  };
  const from = await reach(total * 0.1);
  const to = await reach(total * 0.9);
  const done = to.seen - from.seen;
  await reach(total);
  return { rate: (done / (to.at - from.at)) * 1000, cpu: costOf(from.cpu, to.cpu, done) };
}

function bareSteps(machine: Machine): Promise<Run> {
  return whileRunning(machine, ['bare worker'], async () => {
    await startSteps(machine.client, workflows, 4_000, 1_000, mails);
    return measure(machine, () => countAt(machine.ports.http));
  });
}

function lockstepSteps(machine: Machine): Promise<Run> {
  return whileRunning(machine, ['worker', 'sink'], async () => {
    await bringIn(machine, 'steps', workflows);
    return measure(machine, () => countAt(machine.ports.sink));
  });
}
