import type { Cap } from '../calendar/cap.ts';
import type { WorkingTime } from '../calendar/schema.ts';
import type { AskedFor, TaskKind } from '../task/task.ts';
import type { Condition } from './condition.ts';
import type {
  LeaveRule,
  MailStep,
  SequenceDocument,
  SplitStep,
  Step,
  TaskStep,
  Wait,
  WindowRule,
} from './schema.ts';
import { holdOut } from './variants.ts';

/**
 * A sequence as a flat list of instructions: a lead's place in it is one number, also inside
 * branches, and stays right for as long as the version exists.
 */
export type Instruction =
  | MailInstruction
  | { do: 'wait'; wait: Wait }
  | TaskInstruction
  | { do: 'branch'; if: Condition; otherwise: number }
  /** Each lead goes one of the ways; `to` is where it begins. */
  | { do: 'split'; split: string; paths: readonly SplitPath[] }
  | { do: 'jump'; to: number }
  | { do: 'move'; sequence: string }
  | { do: 'exit'; reason: string };

export interface MailInstruction {
  do: 'mail';
  /** The step's name, the same for all its variants: no lead gets two mails of one name. */
  mail: string;
  subject: string;
  preheader: string;
  window: WindowRule | null;
  /** Where the step has variants: whose mail this is, and the file that it is made of. */
  variant?: { name: string; file: string };
}

/** Something that a person does. */
export interface TaskInstruction {
  do: 'task';
  /** The step's name; a lead is given it once in an enrollment. */
  task: string;
  kind: TaskKind;
  for: AskedFor;
  dueWithin: WorkingTime;
  note: string | null;
  goOn: TaskStep['go_on'];
}

export interface SplitPath {
  variant: string;
  weight: number;
  to: number;
}

export type Plan = readonly Instruction[];

/** What is decided by, of a published version; the plans of older versions have no more than a plan. */
export interface Rules {
  plan: Plan;
  leaveWhen?: readonly LeaveRule[];
  /** Beside the agreement's. */
  cap?: Cap | null;
}

/** The end of a plan, after its last instruction. */
export function isOver(plan: Plan, cursor: number): boolean {
  return cursor >= plan.length;
}

/** What a mail's compiled form is called in its version. */
export function compiledName({ mail, variant }: Pick<MailInstruction, 'mail' | 'variant'>): string {
  return variant === undefined ? mail : `${mail}/${variant.name}`;
}

/** The file that a mail is made of, without `.mjml`. */
export function fileOf({ mail, variant }: Pick<MailInstruction, 'mail' | 'variant'>): string {
  return variant?.file ?? mail;
}

/** An instruction with the path of the step in the document that it was made from. */
interface Placed {
  instruction: Instruction;
  path: readonly PropertyKey[];
}

export function planOf(sequence: SequenceDocument): Plan {
  return outlineOf(sequence).map(({ instruction }) => instruction);
}

/** What leads are decided by, of a sequence as it is written. */
export function rulesOf(sequence: SequenceDocument): Rules {
  const { leave_when: leaveWhen, cap } = sequence;
  return {
    plan: planOf(sequence),
    ...(leaveWhen === undefined ? {} : { leaveWhen }),
    ...(cap === undefined ? {} : { cap }),
  };
}

/** A plan, with where in the document each instruction comes from. */
export function outlineOf({ steps, window }: SequenceDocument): Placed[] {
  const outline = new Outline(window ?? null);
  outline.append(steps, ['steps']);
  return outline.placed;
}

/** What a step asks of a person. */
export function taskOf(step: TaskStep): TaskInstruction {
  const { task, note, due_within: dueWithin, go_on: goOn } = step;
  return { do: 'task', task, kind: step.do, for: step.for, dueWithin, note: note ?? null, goOn };
}

class Outline {
  readonly placed: Placed[] = [];
  readonly #window: WindowRule | null;

  constructor(window: WindowRule | null) {
    this.#window = window;
  }

  append(steps: readonly Step[], parent: readonly PropertyKey[]): void {
    for (const [index, step] of steps.entries()) this.#step(step, [...parent, index]);
  }

  #step(step: Step, path: readonly PropertyKey[]): void {
    if ('mail' in step) this.#mail(step, path);
    else if ('task' in step) this.#add(taskOf(step), path);
    else if ('wait' in step) this.#add({ do: 'wait', wait: step.wait }, path);
    else if ('move' in step) this.#add({ do: 'move', sequence: step.move }, path);
    else if ('exit' in step) this.#add({ do: 'exit', reason: step.exit }, path);
    else if ('split' in step) this.#split(step, path);
    else {
      const branch = { do: 'branch' as const, if: step.if, otherwise: -1 };
      const jump = { do: 'jump' as const, to: -1 };
      this.#add(branch, path);
      this.append(step.then, [...path, 'then']);
      if (step.else !== undefined) this.#add(jump, path);
      branch.otherwise = this.placed.length;
      this.append(step.else ?? [], [...path, 'else']);
      jump.to = this.placed.length;
    }
  }

  #mail(step: MailStep, path: readonly PropertyKey[]): void {
    const { mail, subject, preheader, variants } = step;
    const instruction = {
      ...{ do: 'mail' as const, mail, subject, preheader },
      window: step.window ?? this.#window,
    };
    if (variants === undefined) {
      this.#add(instruction, path);
      return;
    }
    this.#ways(mail, variants, path, (name, own) => {
      if (name === holdOut) return;
      const { mail: file = mail, subject: ownSubject, preheader: ownPreheader } = own;
      this.#add(
        {
          ...instruction,
          subject: ownSubject ?? subject,
          preheader: ownPreheader ?? preheader,
          variant: { name, file },
        },
        [...path, 'variants', name],
      );
    });
  }

  #split({ split, paths }: SplitStep, path: readonly PropertyKey[]): void {
    this.#ways(split, paths, path, (name, { steps }) => {
      this.append(steps ?? [], [...path, 'paths', name, 'steps']);
    });
  }

  /** Ways that begin together, and after which all go on together. */
  #ways<Way extends { weight: number }>(
    split: string,
    ways: Record<string, Way>,
    path: readonly PropertyKey[],
    append: (name: string, way: Way) => void,
  ): void {
    const paths: SplitPath[] = [];
    const jumps: { do: 'jump'; to: number }[] = [];
    this.#add({ do: 'split', split, paths }, path);
    for (const [name, way] of Object.entries(ways)) {
      const start = this.placed.length;
      append(name, way);
      paths.push({ variant: name, weight: way.weight, to: start });
      const jump = { do: 'jump' as const, to: -1 };
      jumps.push(jump);
      this.#add(jump, path);
    }
    for (const jump of jumps) jump.to = this.placed.length;
  }

  #add(instruction: Instruction, path: readonly PropertyKey[]): void {
    this.placed.push({ instruction, path });
  }
}

/** Where a mail stands in a plan, by what its compiled form is called; or null. */
export function cursorOf(plan: Plan, compiled: string): number | null {
  const index = plan.findIndex(
    instruction => instruction.do === 'mail' && compiledName(instruction) === compiled,
  );
  return index < 0 ? null : index;
}
