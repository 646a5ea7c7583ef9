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

export function planOf(sequence: SequenceDocument): Plan {
  const plan: Instruction[] = [];
  append(plan, sequence.steps, sequence.window ?? null);
  return plan;
}

function append(plan: Instruction[], steps: readonly Step[], window: WindowRule | null): void {
  for (const step of steps) {
    if ('mail' in step) {
      const { mail, subject, preheader } = step;
      plan.push({ do: 'mail', mail, subject, preheader, window: step.window ?? window });
    } else if ('wait' in step) {
      plan.push({ do: 'wait', wait: step.wait });
    } else if ('exit' in step) {
      plan.push({ do: 'exit', reason: step.exit });
    } else {
      const branch = { do: 'branch' as const, if: step.if, otherwise: -1 };
      plan.push(branch);
      append(plan, step.then, window);
      const jump = { do: 'jump' as const, to: -1 };
      if (step.else !== undefined) plan.push(jump);
      branch.otherwise = plan.length;
      append(plan, step.else ?? [], window);
      jump.to = plan.length;
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
