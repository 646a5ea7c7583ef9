import type { RuledFinding } from '../../domain/sequence/lint/rules.ts';
import { fileOf, outlineOf, type MailInstruction } from '../../domain/sequence/plan.ts';
import type { MailStep, Step } from '../../domain/sequence/schema.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';

/** A step as it is drawn: with its place in the plan, and what was found in it. */
export interface ShownStep {
  step: Step;
  /** Of the plan, those that it was made into. */
  places: readonly number[];
  findings: readonly RuledFinding[];
  /** The ways on from it that come together again behind it. */
  arms: readonly { label: string; weight: number | null; steps: readonly ShownStep[] }[];
}

/** A draft as it is drawn, and what was found elsewhere than in a step. */
export interface ShownSequence {
  steps: readonly ShownStep[];
  findings: readonly RuledFinding[];
}

/** The steps of a draft as they are written, each with what the rules found in it. */
export function shownSteps(draft: SequenceDraft): ShownSequence {
  const { document } = draft.linted;
  const placed = outlineOf(document).map(({ path, instruction }, place) => ({
    ...{ at: path.join('.'), place },
    isJump: instruction.do === 'jump',
  }));
  const { of: findingsOf, rest } = findingsByStep(draft);
  const show = (steps: readonly Step[], path: string): ShownStep[] =>
    steps.map((step, index) => {
      const own = `${path}.${index}`;
      const isOwn = (at: string) =>
        at === own || ('mail' in step && at.startsWith(`${own}.variants.`));
      return {
        step,
        places: placed.filter(({ at, isJump }) => !isJump && isOwn(at)).map(({ place }) => place),
        findings: findingsOf(own),
        arms: armsOf(step, own, show),
      };
    });
  return { steps: show(document.steps, 'steps'), findings: rest };
}

function armsOf(
  step: Step,
  path: string,
  show: (steps: readonly Step[], path: string) => ShownStep[],
): ShownStep['arms'] {
  if ('if' in step)
    return [
      { label: 'yes', weight: null, steps: show(step.then, `${path}.then`) },
      { label: 'no', weight: null, steps: show(step.else ?? [], `${path}.else`) },
    ];
  if (!('split' in step)) return [];
  return Object.entries(step.paths).map(([label, { weight, steps }]) => ({
    ...{ label, weight },
    steps: show(steps ?? [], `${path}.paths.${label}.steps`),
  }));
}

/** The mails that a step may send: one, or its variants. */
export function mailsOf({ content: { plan } }: SequenceDraft, mail: string): MailInstruction[] {
  const all = plan.filter(instruction => instruction.do === 'mail' && instruction.mail === mail);
  return all.filter(instruction => instruction.do === 'mail');
}

/** A finding belongs to the step in whose lines it is, or that sends the mail that it is in. */
function findingsByStep({ linted, findings }: SequenceDraft): {
  of: (path: string) => RuledFinding[];
  rest: RuledFinding[];
} {
  const { document, file, placeOf, mails } = linted;
  const starts = [...startsOf(document.steps, ['steps'])].map(({ path, step }) => ({
    ...{ path: path.join('.'), step },
    line: placeOf(path).line,
  }));
  const first = starts[0]?.line ?? Infinity;
  const behind = Object.keys(document)
    .map(key => placeOf([key]).line)
    .filter(line => line > first);
  const end = Math.min(...behind, Infinity);
  const found = new Map<string, RuledFinding[]>();
  const rest: RuledFinding[] = [];
  for (const finding of findings) {
    const { line } = finding;
    const mail = mails.find(candidate => candidate.file === finding.file);
    const start =
      finding.file !== file
        ? starts.find(({ step }) => 'mail' in step && mail !== undefined && sends(step, mail.name))
        : line < first || line >= end
          ? undefined
          : starts.findLast(candidate => candidate.line <= line);
    if (start === undefined) rest.push(finding);
    else found.set(start.path, [...(found.get(start.path) ?? []), finding]);
  }
  return { of: path => found.get(path) ?? [], rest };
}

function sends({ mail, variants = {} }: MailStep, file: string): boolean {
  return mail === file || Object.values(variants).some(variant => variant.mail === file);
}

/** Every step with its path, in the order in which they are written. */
function* startsOf(
  steps: readonly Step[],
  path: readonly PropertyKey[],
): Generator<{ path: PropertyKey[]; step: Step }> {
  for (const [index, step] of steps.entries()) {
    const own = [...path, index];
    yield { path: own, step };
    if ('if' in step) {
      yield* startsOf(step.then, [...own, 'then']);
      yield* startsOf(step.else ?? [], [...own, 'else']);
    }
    if ('split' in step)
      for (const [name, { steps: inner }] of Object.entries(step.paths))
        yield* startsOf(inner ?? [], [...own, 'paths', name, 'steps']);
  }
}

/** What was found in a mail: in its file, and in the step that sends it. */
export function findingsOfMail(draft: SequenceDraft, mail: MailInstruction): RuledFinding[] {
  const { mails, file } = draft.linted;
  const own = mails.find(({ name }) => name === fileOf(mail))?.file;
  const find = (steps: readonly ShownStep[]): ShownStep | undefined => {
    for (const shown of steps) {
      if ('mail' in shown.step && shown.step.mail === mail.mail) return shown;
      const inner = find(shown.arms.flatMap(arm => arm.steps));
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  const ofStep = find(shownSteps(draft).steps)?.findings ?? [];
  return ofStep.filter(finding => finding.file === file || finding.file === own);
}
