import { compiledName, type Plan } from './plan.ts';

/** Where a plan goes several ways. */
export interface Split {
  split: string;
  /** Whether its ways are variants of one mail, or paths of any steps. */
  of: 'mail' | 'paths';
  variants: { variant: string; weight: number }[];
  /** Its first instruction, and the one after its last. */
  from: number;
  to: number;
}

/** The splits of a plan, in its order. */
export function splitsOf(plan: Plan): Split[] {
  return plan.flatMap((instruction, from): Split[] => {
    if (instruction.do !== 'split') return [];
    const { split, paths } = instruction;
    const jump = plan[(paths[1]?.to ?? 0) - 1];
    const to = jump?.do === 'jump' ? jump.to : from + 1;
    const inside = plan.slice(from + 1, to);
    const isMail = inside.some(
      each => each.do === 'mail' && each.variant !== undefined && each.mail === split,
    );
    const variants = paths.map(({ variant, weight }) => ({ variant, weight }));
    return [{ split, of: isMail ? 'mail' : 'paths', variants, from, to }];
  });
}

/**
 * Everything that a split is, as a text: two versions whose texts are the same try the same thing, and what they brought
 * may be counted together. A change of a weight, a step or a mail in it makes it another.
 * @param mails by what they are called, see `compiledName`
 */
export function splitContent(
  { plan, mails }: { plan: Plan; mails: Readonly<Record<string, unknown>> },
  { from, to }: Split,
): string {
  const inside = plan.slice(from, to).map(instruction => {
    switch (instruction.do) {
      case 'mail':
        return { ...instruction, compiled: mails[compiledName(instruction)] ?? null };
      case 'jump':
        return { ...instruction, to: instruction.to - from };
      case 'branch':
        return { ...instruction, otherwise: instruction.otherwise - from };
      case 'split': {
        const paths = instruction.paths.map(path => ({ ...path, to: path.to - from }));
        return { ...instruction, paths };
      }
      default:
        return instruction;
    }
  });
  return JSON.stringify(inside);
}
