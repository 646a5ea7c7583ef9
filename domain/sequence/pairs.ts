import type { FlowStep } from './flow.ts';

/** A step that is there in both versions. */
export interface Pair {
  before: FlowStep;
  after: FlowStep;
}

/** Which steps of two versions are the same ones, changed or not. */
export interface Pairs {
  /** In the order of the later version. */
  both: Pair[];
  removed: FlowStep[];
  added: FlowStep[];
}

/**
 * Finds the steps of one version again in another: by what they are called; then, of those that are left, a mail that
 * has variants now or has none any more, and what is called by what it asks or says, one after the other.
 */
export function pairsOf(before: readonly FlowStep[], after: readonly FlowStep[]): Pairs {
  const left = new Map(before.map(step => [step.key, step]));
  const found = new Map<string, FlowStep>();
  const take = (step: FlowStep, match: FlowStep | undefined) => {
    if (match === undefined) return;
    found.set(step.key, match);
    left.delete(match.key);
  };
  for (const step of after) take(step, left.get(step.key));
  for (const step of after) {
    if (found.has(step.key)) continue;
    take(
      step,
      [...left.values()].find(candidate => isLike(candidate, step, found)),
    );
  }
  return {
    both: after.flatMap(step => {
      const match = found.get(step.key);
      return match === undefined ? [] : [{ before: match, after: step }];
    }),
    removed: [...left.values()].filter(({ instruction }) => instruction !== null),
    added: after.filter(({ key, instruction }) => instruction !== null && !found.has(key)),
  };
}

/** Whether a step may be another that was changed: what it is called is what it says, or where it is. */
function isLike(
  { instruction: a, within }: FlowStep,
  { instruction: b, ...step }: FlowStep,
  found: ReadonlyMap<string, FlowStep>,
): boolean {
  if (a?.do === 'mail' && b?.do === 'mail') return a.mail === b.mail;
  if (within?.by !== step.within?.by || a?.do !== b?.do) return false;
  if (a === null) return step.within !== null && found.get(step.within.key)?.key === within?.key;
  return a.do === 'branch' || a.do === 'exit' || a.do === 'move';
}
