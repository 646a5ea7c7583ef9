import { setTimeout as sleep } from 'node:timers/promises';
import { runningRows } from '../../../engine/running.ts';
import { Random } from '../../../domain/random.ts';
import { faultsOf, type SomeFaults } from '../../../sandbox/sendgrid/faults.ts';
import { currentRun, reset, resetPoints, terminate } from '../../ops.ts';
import type { Audit } from './audit.ts';
import type { Fleet, Part } from './fleet.ts';
import { underLoad } from './run.ts';

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
 * Lets a fresh installation live in real time while everything goes wrong at the provider; in turn one of its
 * processes is killed, at any moment, and one of its workflows is terminated or reset, as ops might.
 * @param ms how long that goes on, at least
 */
export function runChaos(
  seed: number,
  ms: number,
  say: (line: string) => void,
): Promise<ChaosOutcome> {
  return underLoad(say, async fleet => {
    await fleet.strike(allFaults(seed));
    const draw = new Random(seed);
    const done = { kills: 0, terminated: 0, reset: 0 };
    const end = Date.now() + ms;
    // However slow the machine is, something of each kind has to happen.
    const isEnough = () => done.kills > 0 && done.terminated + done.reset > 0;
    for (let n = 0; Date.now() < end || !isEnough(); n++) {
      await sleep(500 + draw.below(3_000));
      if (n % 2 === 0) {
        const part = draw.pick(parts);
        await fleet.killNow(part);
        done.kills += 1;
        say(`killed ${part}`);
      } else {
        const verb = draw.pick(['terminated', 'reset'] as const);
        const id = await disturb(fleet, verb, draw);
        if (id === null) continue;
        done[verb] += 1;
        say(`${verb} ${id}`);
      }
    }
    return done;
  });
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
  try {
    const ids = [...(await runningRows(fleet.client)).values()];
    if (ids.length === 0) return null;
    const id = draw.pick(ids);
    if (verb === 'terminated') await terminate(fleet, id);
    else {
      const run = await currentRun(fleet, id);
      await reset(fleet, run, draw.pick(await resetPoints(fleet, run)));
    }
    return id;
  } catch {
    // What is killed does not answer, and a workflow that has ended cannot be ended.
    return null;
  }
}
