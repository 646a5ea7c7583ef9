import { Random } from '../../../domain/random.ts';
import { effects, phases, type Actor, type Edge } from './edges.ts';
import type { Part } from './fleet.ts';

/** One kill: of whom, and whom to hold where meanwhile; at whatever moment it comes when nobody is held. */
export interface Kill {
  victim: Part;
  at: { actor: Actor; edge: Edge } | null;
}

/** All seeds, each a fleet of its own; together they come to every edge with every victim. */
export const seeds = 8;
export const killsOfASeed = 25;

const actors = Object.keys(effects) as Actor[];

/** Every edge, with the process itself, the database or Temporal as the victim. */
const atEdges: readonly Kill[] = actors.flatMap(actor =>
  effects[actor].flatMap(effect =>
    phases.flatMap(phase =>
      ([actor, 'postgres', 'temporal'] as const).map(victim => ({
        victim,
        at: { actor, edge: { effect, phase } },
      })),
    ),
  ),
);

/** The kills of a seed, from 1: the same every time. What edges leave over are kills at any moment. */
export function killsOf(seed: number): Kill[] {
  const draw = new Random(1);
  const parts: readonly Part[] = ['worker', 'http', 'importer', 'postgres', 'temporal'];
  const atAnyMoment = Array.from(
    { length: seeds * killsOfASeed - atEdges.length },
    (_, n): Kill => ({ victim: parts[n % parts.length] ?? 'worker', at: null }),
  );
  const all = [...atEdges, ...atAnyMoment];
  for (let n = all.length - 1; n > 0; n--) {
    const other = draw.below(n + 1);
    [all[n], all[other]] = [all[other] as Kill, all[n] as Kill];
  }
  return all.slice((seed - 1) * killsOfASeed, seed * killsOfASeed);
}

export function describe({ victim, at }: Kill): string {
  return at === null
    ? `${victim} at any moment`
    : `${victim} while the ${at.actor} is ${at.edge.phase} "${at.edge.effect}"`;
}
