import { conditionInWords, stepInWords } from './in-words.ts';
import type { Instruction, Plan } from './plan.ts';
import type { Wait } from './schema.ts';

/** A way on from an instruction: by which answer, and where it leads. */
export interface Way {
  /** Null where there is but one. */
  by: string | null;
  to: number;
}

/** Where an instruction leads, jumps followed to where they end. What ends a sequence leads nowhere. */
export function waysFrom(plan: Plan, at: number): Way[] {
  const instruction = plan[at];
  if (instruction === undefined) return [];
  switch (instruction.do) {
    case 'mail':
    case 'wait':
    case 'jump':
      return [{ by: null, to: landing(plan, at) }];
    case 'branch':
      return [
        { by: 'yes', to: landed(plan, at + 1) },
        { by: 'no', to: landed(plan, instruction.otherwise) },
      ];
    case 'exit':
      return [];
    default:
      return instruction satisfies never;
  }
}

/** Where a cursor really stands: a jump is nothing to stand at. */
export function landed(plan: Plan, at: number): number {
  let cursor = at;
  for (let next = plan[cursor]; next?.do === 'jump'; next = plan[cursor]) cursor = next.to;
  return cursor;
}

function landing(plan: Plan, at: number): number {
  const instruction = plan[at];
  return landed(plan, instruction?.do === 'jump' ? instruction.to : at + 1);
}

/** A step of a plan, where people would look for it. */
export interface FlowStep {
  /** Its place in the plan; the place after the last where it is an end. */
  at: number;
  /** Null for the end of the sequence, or of an answer of a branch. */
  instruction: Instruction | null;
  /** What it is told apart by from all others of its plan. */
  key: string;
  /** What it is called. */
  name: string;
  /** What is waited for before it. */
  waits: Wait[];
  /** The branch that it stands in, by its key, and the answer that leads to it; null outside of all. */
  within: { key: string; by: string } | null;
  /** What comes right before it in the same branch, by name; null for the first. */
  follows: string | null;
}

/** The steps of a plan in the order in which they are written: waits belong to what they are waited for. */
export function stepsOf(plan: Plan): FlowStep[] {
  const flow = new Flow(plan);
  flow.read(0, plan.length, null);
  return flow.steps;
}

class Flow {
  readonly steps: FlowStep[] = [];
  readonly #plan: Plan;
  readonly #keys = new Map<string, number>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Reads what stands from one place to before another, all of it in one branch. */
  read(from: number, to: number, within: FlowStep['within']): void {
    let waits: Wait[] = [];
    let follows: string | null = null;
    for (let at = from; at < to;) {
      const instruction = this.#plan[at];
      if (instruction === undefined) break;
      if (instruction.do === 'wait') {
        waits.push(instruction.wait);
        at += 1;
        continue;
      }
      const key = this.#keyOf(instruction);
      const name = stepInWords(instruction);
      this.steps.push({ at, instruction, key, name, waits, within, follows });
      waits = [];
      follows = name;
      at = this.#after(at, instruction, key);
    }
    const name = within === null ? 'the end' : `the end of "${within.by}" in ${within.key}`;
    this.steps.push({ at: to, instruction: null, key: name, name, waits, within, follows });
  }

  /** Reads what belongs to a step. @returns where the next begins */
  #after(at: number, instruction: Instruction, key: string): number {
    if (instruction.do !== 'branch') return at + 1;
    const { otherwise } = instruction;
    const last = this.#plan[otherwise - 1];
    // A jump there is the branch's own when it leads past the other way; else it ends what stands in the branch.
    const end = last?.do === 'jump' && last.to > otherwise ? last.to : null;
    this.read(at + 1, end === null ? otherwise : otherwise - 1, { key, by: 'yes' });
    if (end === null) return otherwise;
    this.read(otherwise, end, { key, by: 'no' });
    return end;
  }

  #keyOf(instruction: Instruction): string {
    const word = wordOf(instruction);
    const count = (this.#keys.get(word) ?? 0) + 1;
    this.#keys.set(word, count);
    return count === 1 ? word : `${word} (${count})`;
  }
}

function wordOf(instruction: Instruction): string {
  if (instruction.do === 'branch') return `the branch "${conditionInWords(instruction.if)}"`;
  return stepInWords(instruction);
}
