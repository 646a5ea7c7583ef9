import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../domain/random.ts';
import { atRest, audit, type Audit } from './audit.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { Load, prepare } from './load.ts';
import { describe, type Kill } from './plan.ts';

/** What came of one seed. */
export interface Outcome extends Audit {
  kills: number;
  /** Calls of the provider that were under way at the kills, summed up. */
  inFlight: number;
}

/**
 * Does to a fresh installation what it does while everything goes on in it; then lets all come to rest and counts.
 * @param harm what is done, and what it says of it
 */
export async function underLoad<Done>(
  say: (line: string) => void,
  harm: (fleet: Fleet) => Promise<Done>,
): Promise<Audit & Done> {
  const fleet = await startFleet();
  let isWell = false;
  try {
    await prepare(fleet);
    const load = new Load(fleet);
    load.start();
    const done = await harm(fleet);
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
 * Kills, one after the other, in a fresh installation.
 * @param seed of how long it waits between them
 */
export function runKills(
  kills: readonly Kill[],
  seed: number,
  say: (line: string) => void,
): Promise<Outcome> {
  return underLoad(say, async fleet => {
    const draw = new Random(seed);
    let inFlight = 0;
    for (const kill of kills) {
      // A moment of quiet, so that a kill does not only meet what the one before left behind.
      await sleep(500 + draw.below(2_000));
      const calls = await carryOut(fleet, kill);
      inFlight += calls;
      say(`killed ${describe(kill)}, with ${calls} in flight`);
    }
    return { kills: kills.length, inFlight };
  });
}

/** @returns how many calls were in flight */
async function carryOut(fleet: Fleet, { victim, at }: Kill): Promise<number> {
  if (at === null) return fleet.kill(victim);
  const holding = fleet.hold(at.actor, at.edge);
  // It runs each minute; nobody waits for that.
  if (at.edge.effect === 'look for what fell between')
    await fleet.client.schedule.getHandle('sweep').trigger();
  await holding;
  const calls = await fleet.kill(victim);
  if (victim !== at.actor) fleet.letGo(at.actor);
  return calls;
}
