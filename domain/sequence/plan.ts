import type { Condition, SequenceDocument, Step, Wait, WindowRule } from './schema.ts';

/**
 * A sequence as a flat list of instructions: a lead's place in it is one number, also inside
 * branches, and stays right for as long as the version exists.
 */
export type Instruction =
  | { do: 'mail'; mail: string; subject: string; preheader: string; window: WindowRule | null }
  | { do: 'wait'; wait: Wait }
  | { do: 'branch'; if: Condition; otherwise: number }
  | { do: 'jump'; to: number }
  | { do: 'exit'; reason: string };

export type Plan = readonly Instruction[];

/** The end of a plan, after its last instruction. */
export function isOver(plan: Plan, cursor: number): boolean {
  return cursor >= plan.length;
}

/** An instruction with the path of the step in the document that it was made from. */
interface Placed {
  instruction: Instruction;
  path: readonly PropertyKey[];
}

export function planOf(sequence: SequenceDocument): Plan {
  return outlineOf(sequence).map(({ instruction }) => instruction);
}

/** A plan, with where in the document each instruction comes from. */
export function outlineOf({ steps, window }: SequenceDocument): Placed[] {
  const outline: Placed[] = [];
  append(outline, steps, ['steps'], window ?? null);
  return outline;
}

function append(
  outline: Placed[],
  steps: readonly Step[],
  parent: readonly PropertyKey[],
  window: WindowRule | null,
): void {
  for (const [index, step] of steps.entries()) {
    const path = [...parent, index];
    const add = (instruction: Instruction) => outline.push({ instruction, path });
    if ('mail' in step) {
      const { mail, subject, preheader } = step;
      add({ do: 'mail', mail, subject, preheader, window: step.window ?? window });
    } else if ('wait' in step) {
      add({ do: 'wait', wait: step.wait });
    } else if ('exit' in step) {
      add({ do: 'exit', reason: step.exit });
    } else {
      const branch = { do: 'branch' as const, if: step.if, otherwise: -1 };
      const jump = { do: 'jump' as const, to: -1 };
      add(branch);
      append(outline, step.then, [...path, 'then'], window);
      if (step.else !== undefined) add(jump);
      branch.otherwise = outline.length;
      append(outline, step.else ?? [], [...path, 'else'], window);
      jump.to = outline.length;
    }
  }
}

/** Where a mail stands in a plan, or null. */
export function cursorOf(plan: Plan, mail: string): number | null {
  const index = plan.findIndex(
    instruction => instruction.do === 'mail' && instruction.mail === mail,
  );
  return index < 0 ? null : index;
}
