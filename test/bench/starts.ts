import { startAsleep, untilAsleep } from './bare.ts';
import type { Machine } from './machine.ts';
import { whileRunning } from './processes.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { alternate, compared, costOf, mustBeFit, type Run, type Scenario } from './run.ts';

const leads = 2_000;

/**
 * Leads a second from a CSV file to an enrollment whose workflow sleeps, against workflows that sleep. Either is
 * there when its first turn is done: whether a worker takes turns while others are started, or after, is chance.
 */
export const starts: Scenario = async (machine, options) => {
  await prepare(machine, ['starts']);
  await publish(machine.database, 'starts', mailsEvery('30 days', '1 day', 5));
  const alone = await timed(machine, () => startAsleep(machine.client, leads, 16, 'nobody'));
  mustBeFit('starts that no worker takes', [alone.rate], 300);
  const runs = await alternate(
    options,
    () =>
      whileRunning(machine, ['worker'], () =>
        timed(machine, async () => {
          await bringIn(machine, 'starts', leads);
          await untilAsleep(machine.client, await newest(machine));
        }),
      ),
    () =>
      whileRunning(machine, ['bare worker'], () =>
        timed(machine, async () => {
          await untilAsleep(machine.client, await startAsleep(machine.client, leads, 16));
        }),
      ),
  );
  return compared('starts', 'leads imported and enrolled', runs, { rate: 0.7 });
};

/** The workflows of the leads that came last, in the order of their enrollment. */
async function newest({ database }: Machine): Promise<string[]> {
  const rows = await database.enrollment.findMany({
    select: { id: true },
    orderBy: { id: 'desc' },
    take: leads,
  });
  return rows.map(({ id }) => `nurture/${id}`).reverse();
}

async function timed(machine: Machine, work: () => Promise<unknown>): Promise<Run> {
  const before = await machine.cpu();
  const began = Date.now();
  await work();
  const took = Date.now() - began;
  return {
    rate: (leads / took) * 1000,
    cpu: costOf(before, await machine.cpu(), leads),
  };
}
