import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../sandbox/random.ts';
import { faultsOf, type SomeFaults } from '../../../sandbox/sendgrid/faults.ts';
import { reset, resetPoints, terminate } from '../../ops.ts';
import { atRest, audit, type Audit } from './audit.ts';
import { startFleet, type Fleet, type Part } from './fleet.ts';
import { Load, prepare } from './load.ts';

/** What came of it. */
export interface ChaosOutcome extends Audit {
  kills: number;
  terminated: number;
  reset: number;
}

const parts: readonly Part[] = ['worker', 'http', 'importer', 'postgres', 'temporal'];

/** Every fault at once; what is late is late by seconds, because this is real time. */
function allFaults(seed: number): SomeFaults {
  return { ...faultsOf('all'), seed, delayHours: 0.003, limitSeconds: 2 };
}

/**
 * Lets a fresh installation live in real time while everything goes wrong at the provider, its processes are killed
 * at any moment, and its workflows are terminated and reset as ops might; then lets all come to rest and counts.
 * @param ms how long that goes on
 */
export async function runChaos(
  seed: number,
  ms: number,
  say: (line: string) => void,
): Promise<ChaosOutcome> {
  const fleet = await startFleet();
  let isWell = false;
  const done = { kills: 0, terminated: 0, reset: 0 };
  try {
    await prepare(fleet);
    await fleet.strike(allFaults(seed));
    const load = new Load(fleet);
    load.start();
    const draw = new Random(seed);
    const end = Date.now() + ms;
    while (Date.now() < end) {
      await sleep(500 + draw.below(3_000));
      if (draw.chance(0.4)) {
        const part = draw.pick(parts);
        await fleet.killNow(part);
        done.kills += 1;
        say(`killed ${part}`);
      } else {
        const verb = draw.chance(0.5) ? 'terminated' : 'reset';
        const id = await disturb(fleet, verb, draw);
        if (id === null) continue;
        done[verb] += 1;
        say(`${verb} ${id}`);
      }
    }
    await load.stop();
    await fleet.strike({});
    await atRest(fleet);
    const outcome = await audit(fleet, load.promised);
    isWell = outcome.wrong.length === 0;
    return { ...outcome, ...done };
  } finally {
    if (!isWell) say(`its folder is left for you to look into: ${fleet.folder}`);
    await fleet.stop(!isWell);
  }
}

/**
 * Does to one of the running workflows what ops might.
 * @returns its id; null when there is none, or it came to its end meanwhile
 */
async function disturb(
  fleet: Fleet,
  verb: 'terminated' | 'reset',
  draw: Random,
): Promise<string | null> {
  const { client } = fleet;
  try {
    const ids: { workflowId: string; runId: string }[] = [];
    for await (const run of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
      if (/^(nurture|escalation)\//.test(run.workflowId)) ids.push(run);
    if (ids.length === 0) return null;
    const run = draw.pick(ids);
    if (verb === 'terminated') await terminate(fleet, run.workflowId);
    else await reset(fleet, run, draw.pick(await resetPoints(fleet, run)));
    return run.workflowId;
  } catch {
    // What is killed does not answer, and a workflow that has ended cannot be ended.
    return null;
  }
}
