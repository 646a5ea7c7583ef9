import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { whileRunning } from './processes.ts';
import { low, type Figure } from './report.ts';
import type { Scenario } from './run.ts';

const leads = 10_000;
/** How long a worker that has nothing to do is looked at: so long that the sweep of each minute is in it. */
const lookMs = 60_000;
/** What beginning and importing leave to be tidied up is not what being idle costs: pollers go one by one. */
const calmMs = 60_000;

/** What a worker needs that keeps leads who are all asleep: as it brought them in, and after a restart. */
export const asleep: Scenario = async (machine, { say }) => {
  await prepare(machine, ['asleep']);
  await publish(machine.database, 'asleep', mailsEvery('30 days', '1 day', 5));
  const figures: Figure[] = [];
  for (const when of ['after they came', 'after a restart']) {
    await whileRunning(machine, ['worker'], async () => {
      if (when === 'after they came') await bringIn(machine, 'asleep', leads);
      const { megabytes, percent } = await idle(machine);
      say(`${when}: ${megabytes.toFixed(0)} MB, ${percent.toFixed(1)} % of a core`);
      const memory = `MB of the worker of ${leads} leads asleep, ${when}`;
      figures.push(
        low('asleep', memory, [megabytes], 500),
        low('asleep', `% of a core that it uses, ${when}`, [percent], 2),
      );
    });
  }
  return figures;
};

async function idle(machine: Machine): Promise<{ megabytes: number; percent: number }> {
  await sleep(calmMs);
  const before = (await machine.cpu()).worker ?? 0;
  await sleep(lookMs);
  const used = ((await machine.cpu()).worker ?? 0) - before;
  return { megabytes: await machine.memory('worker'), percent: (used / lookMs) * 100 };
}
