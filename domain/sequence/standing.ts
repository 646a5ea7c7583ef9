import { landed, stepsOf } from './flow.ts';
import { pairsOf } from './pairs.ts';
import type { Instruction, Plan } from './plan.ts';

/** Who stands where in one version of a sequence. */
export interface StandingIn {
  plan: Plan;
  /** How many stand at each cursor. */
  standing: readonly { cursor: number; count: number }[];
}

/**
 * Where those who are under way stand in a draft: at the same place where a version has the same steps, else at the step
 * that is still there in the draft.
 * @returns how many stand at each place of the draft's plan; and how many at steps that it has no more
 */
export function standingIn(
  draft: Plan,
  versions: readonly StandingIn[],
): { places: ReadonlyMap<number, number>; elsewhere: number } {
  const places = new Map<number, number>();
  let elsewhere = 0;
  for (const { plan, standing } of versions) {
    const placeOf = placesIn(plan, draft);
    for (const { cursor, count } of standing) {
      const place = placeOf(landed(plan, cursor));
      if (place === null) elsewhere += count;
      else places.set(place, (places.get(place) ?? 0) + count);
    }
  }
  return { places, elsewhere };
}

function placesIn(plan: Plan, draft: Plan): (cursor: number) => number | null {
  if (shapeOf(plan) === shapeOf(draft)) return cursor => cursor;
  const steps = stepsOf(plan);
  const pairs = new Map(
    pairsOf(steps, stepsOf(draft)).both.map(({ before, after }) => [before.key, after.at]),
  );
  // Who waits, waits for the next step.
  return cursor => pairs.get(steps.find(({ at }) => at >= cursor)?.key ?? '') ?? null;
}

/** The steps of a plan without what they say: a plan with another subject or another wait has the same places. */
function shapeOf(plan: Plan): string {
  return plan.map(partOf).join('\n');
}

function partOf(instruction: Instruction): string {
  switch (instruction.do) {
    case 'mail':
      return `mail ${instruction.mail} ${instruction.variant?.name ?? ''}`;
    case 'split':
      return `split ${instruction.split}`;
    default:
      return instruction.do;
  }
}
