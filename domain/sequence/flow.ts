import { mailInWords, stepInWords } from './in-words.ts';
import type { Instruction, Plan, SplitPath } from './plan.ts';
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
    case 'task':
    case 'jump':
      return [{ by: null, to: landing(plan, at) }];
    case 'branch':
      return [
        { by: 'yes', to: landed(plan, at + 1) },
        { by: 'no', to: landed(plan, instruction.otherwise) },
      ];
    case 'split':
      return instruction.paths.map(({ variant, to }) => ({ by: variant, to: landed(plan, to) }));
    case 'move':
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

/** What a place of a plan is called: where a mail's variants part it is the mail, and after the last step the end. */
export function nameAt(plan: Plan, at: number): string {
  const instruction = plan[landed(plan, at)];
  if (instruction?.do === 'split' && isOfVariants(plan, instruction)) return instruction.split;
  return stepInWords(instruction);
}

type Split = Extract<Instruction, { do: 'split' }>;

/** Whether a split is that of a mail into its variants, and none between ways of several steps. */
function isOfVariants(plan: Plan, { split, paths }: Split): boolean {
  return paths.some(({ to }) => {
    const first = plan[to];
    return first?.do === 'mail' && first.mail === split && first.variant !== undefined;
  });
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
  /** How it is shared out, or what share it gets; null where it is no matter of shares. */
  share: string | null;
  /** The branch or split that it stands in, by its key, and the answer or variant that leads to it; null outside of all. */
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
    const add = (
      at: number,
      instruction: Instruction | null,
      name: string,
      share: string | null,
    ) => {
      const key = this.#keyOf(name);
      this.steps.push({ at, instruction, key, name, waits, share, within, follows });
      return key;
    };
    for (let at = from; at < to;) {
      const instruction = this.#plan[at];
      if (instruction === undefined) break;
      if (instruction.do === 'wait') {
        waits.push(instruction.wait);
        at += 1;
        continue;
      }
      const name = nameAt(this.#plan, at);
      if (instruction.do === 'split' && isOfVariants(this.#plan, instruction)) {
        for (const { variant, weight, to: place } of instruction.paths) {
          const mail = this.#plan[place];
          const own = mail?.do === 'mail' && mail.variant?.name === variant ? mail : null;
          add(place, own ?? instruction, mailInWords(name, variant), `weight ${weight}`);
        }
        at = this.#endOf(instruction.paths, at);
      } else {
        const key = add(at, instruction, name, sharesOf(instruction));
        at = this.#after(at, instruction, key);
      }
      waits = [];
      follows = name;
    }
    add(to, null, within === null ? 'the end' : `the end of "${within.by}" in ${within.key}`, null);
  }

  /** Reads what belongs to a step. @returns where the next begins */
  #after(at: number, instruction: Instruction, key: string): number {
    if (instruction.do === 'split') return this.#split(at, instruction, key);
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

  #split(at: number, { paths }: Split, key: string): number {
    const end = this.#endOf(paths, at);
    for (const [index, { variant, to }] of paths.entries())
      // Each way ends with a jump to where all go on.
      this.read(to, (paths[index + 1]?.to ?? end) - 1, { key, by: variant });
    return end;
  }

  /** Where the ways of a split come together again. */
  #endOf([, second]: readonly SplitPath[], at: number): number {
    const jump = second && this.#plan[second.to - 1];
    return jump?.do === 'jump' ? jump.to : at + 1;
  }

  #keyOf(name: string): string {
    const count = (this.#keys.get(name) ?? 0) + 1;
    this.#keys.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  }
}

function sharesOf(instruction: Instruction): string | null {
  if (instruction.do !== 'split') return null;
  return instruction.paths.map(({ variant, weight }) => `${variant} ${weight}`).join(', ');
}
