import type { SequenceDocument, Step } from '../schema.ts';

/** A step, and where it stands in the document. */
export interface PlacedStep {
  step: Step;
  path: PropertyKey[];
}

/** Every step of a sequence, also those that stand in others, as they are written. */
export function stepsOf({ steps }: Pick<SequenceDocument, 'steps'>): PlacedStep[] {
  return within(steps, ['steps']);
}

function within(steps: readonly Step[], parent: readonly PropertyKey[]): PlacedStep[] {
  return steps.flatMap((step, index) => {
    const path = [...parent, index];
    const inner =
      'if' in step
        ? [...within(step.then, [...path, 'then']), ...within(step.else ?? [], [...path, 'else'])]
        : 'split' in step
          ? Object.entries(step.paths).flatMap(([name, way]) =>
              within(way.steps ?? [], [...path, 'paths', name, 'steps']),
            )
          : [];
    return [{ step, path }, ...inner];
  });
}

/** The variants of a mail or the paths of a split, by name, with their shares of the leads; none where there are none. */
export function sharesOf({ step, path }: PlacedStep): {
  name: string;
  /** From 0 to 1. */
  share: number;
  path: PropertyKey[];
}[] {
  const key = 'split' in step ? 'paths' : 'variants';
  const ways: Record<string, { weight: number }> =
    'split' in step ? step.paths : 'mail' in step ? (step.variants ?? {}) : {};
  const total = Object.values(ways).reduce((sum, { weight }) => sum + weight, 0);
  return Object.entries(ways).map(([name, { weight }]) => ({
    name,
    share: weight / total,
    path: [...path, key, name, 'weight'],
  }));
}
