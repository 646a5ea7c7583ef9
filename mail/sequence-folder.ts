import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { placeAt, type Place } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import { nearest } from '../domain/document/nearest.ts';
import { readDocument } from '../domain/document/read.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { LintedMail, LintedSequence, MailPart } from '../domain/sequence/lint/finding.ts';
import { lint, type RuledFinding } from '../domain/sequence/lint/rules.ts';
import { nameSchema } from '../domain/sequence/name.ts';
import {
  compiledName,
  fileOf,
  outlineOf,
  rulesOf,
  type MailInstruction,
} from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { loadBrand, shownPath } from './brand.ts';
import { compileMail } from './compile.ts';
import { includeProblems } from './includes.ts';
import { liquidComplaint, optionalVariables, variablesOf } from './liquid.ts';
import { readSample, trySample } from './sample.ts';
import { knownVariables } from './variables.ts';

/** A sequence as it stands in its folder: what the rules find, and what would be published. */
export interface SequenceDraft {
  name: string;
  /** The key of who answers for it. */
  owner: string;
  findings: RuledFinding[];
  content: SequenceContent;
  /** The lead of its `sample.json`; null when there is none. */
  sample: LeadFields | null;
  /** `sequence.yaml` as it is written. */
  source: string;
  /** What the rules looked at. */
  linted: LintedSequence;
}

/** The names of the sequences in a templates folder. */
export async function listSequences(templates: string): Promise<string[]> {
  const entries = await readdir(join(templates, 'sequences'), { withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/**
 * Reads, compiles and checks `templates/sequences/<name>/`.
 * @param people keys of those who may own a sequence; null when that is not known
 * @throws DocumentError when `sequence.yaml`, `sample.json` or `brand.yaml` cannot be read
 */
export async function readSequence(
  templates: string,
  name: string,
  people: readonly string[] | null = null,
): Promise<SequenceDraft> {
  const root = resolve(templates);
  const folder = join(root, 'sequences', name);
  const file = shownPath(join(folder, 'sequence.yaml'));
  const text = await readNamed(root, name, join(folder, 'sequence.yaml'));
  const { value: document, problem } = readDocument(file, text, sequenceSchema);
  const brand = await loadBrand(root);
  const outline = outlineOf(document);
  const plan = outline.map(({ instruction }) => instruction);
  const files = (await readdir(folder)).filter(entry => entry.endsWith('.mjml'));
  const steps = plan.flatMap((instruction, step) =>
    instruction.do === 'mail' ? [{ ...instruction, step }] : [],
  );
  const mails = await Promise.all(steps.map(step => readMail(root, folder, step)));
  const linted: LintedSequence = {
    name,
    file,
    document,
    plan,
    mails,
    brand,
    knownVariables,
    files,
    people,
    placeOf: path => placeIn(problem(path, '')),
    placeOfStep: (step, key) =>
      placeIn(problem([...(outline[step]?.path ?? []), ...(key === undefined ? [] : [key])], '')),
  };
  const content: SequenceContent = {
    goal: document.goal,
    ...rulesOf(document),
    mails: Object.fromEntries(
      steps.map((step, index) => {
        const { html, text } = mails[index] ?? {};
        const { subject, preheader } = step;
        return [compiledName(step), { subject, preheader, html: html ?? '', text: text ?? '' }];
      }),
    ),
    brand,
  };
  const findings = lint(linted);
  const isSound = !findings.some(({ severity }) => severity === 'error');
  const sample = await readSample(folder);
  if (isSound) findings.push(...trySample(folder, file, { name, content }, sample));
  return { name, owner: document.owner, findings, content, sample, source: text, linted };
}

async function readMail(
  root: string,
  folder: string,
  step: MailInstruction & { step: number },
): Promise<LintedMail> {
  const { subject, preheader } = step;
  const name = fileOf(step);
  const path = join(folder, `${name}.mjml`);
  const source = await readFile(path, 'utf8').catch(() => null);
  const texts = [read(subject, 'subject'), read(preheader, 'preheader')];
  const mail: LintedMail = {
    name,
    step: step.step,
    file: shownPath(path),
    source: source ?? '',
    html: null,
    text: null,
    complaints: [],
    includes: [],
    liquid: texts.flatMap(({ liquid }) => liquid),
    variables: texts.flatMap(({ variables }) => variables),
  };
  if (source === null) return mail;
  const includes = await includeProblems(source, path, root);
  try {
    const { body, problems } = await compileMail(source, path, root);
    const { liquid, variables } = read(body.html, 'mjml', source);
    return {
      ...mail,
      ...body,
      includes,
      complaints: problems,
      liquid: [...mail.liquid, ...liquid],
      variables: [...mail.variables, ...variables],
    };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const line = Number(/line:? ?(\d+)/i.exec(message)?.[1] ?? 1);
    return { ...mail, includes, complaints: [{ line, column: 1, message }] };
  }
}

/**
 * Reads a text as Liquid: what is wrong with it, or which variables it asks for.
 * @param source what the text was made from, where things are shown to be
 */
function read(
  text: string,
  part: MailPart,
  source = text,
): Pick<LintedMail, 'liquid' | 'variables'> {
  const complaint = liquidComplaint(text);
  if (complaint !== null) {
    const { message, about } = complaint;
    return {
      liquid: [{ ...placeAt(source, source.indexOf(about)), message, in: part }],
      variables: [],
    };
  }
  const optional = optionalVariables(text);
  const variables = variablesOf(text).map(name => ({
    name,
    hasDefault: optional.has(name),
    ...placeAt(source, source.indexOf(name)),
    in: part,
  }));
  return { liquid: [], variables };
}

async function readNamed(root: string, name: string, path: string): Promise<string> {
  const text = nameSchema.safeParse(name).success
    ? await readFile(path, 'utf8').catch(() => null)
    : null;
  if (text !== null) return text;
  const best = nearest(name, await listSequences(root));
  throw new DocumentError(shownPath(path), [
    {
      line: 1,
      column: 1,
      message: `there is no sequence "${name}".${best === null ? '' : ` Did you mean "${best}"?`}`,
    },
  ]);
}

function placeIn({ line, column }: Problem): Place {
  return { line, column };
}
