import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beginning, type Place } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import { nearest } from '../domain/document/nearest.ts';
import { readDocument } from '../domain/document/read.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { LintedSequence, Surroundings } from '../domain/sequence/lint/finding.ts';
import { lint, type RuledFinding } from '../domain/sequence/lint/rules.ts';
import { nameSchema } from '../domain/sequence/name.ts';
import { compiledName, outlineOf, rulesOf, type Rules } from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { loadBrand, shownPath } from './brand.ts';
import { filterNames } from './liquid.ts';
import { movesOf } from './moves.ts';
import { readMail } from './read-mail.ts';
import { readSample, trySample } from './sample.ts';
import { largest, needTemplateFile } from './template-file.ts';
import { knownVariables } from './variables.ts';

/** A sequence as it stands in its folder: what the rules find, and what would be published. */
export interface SequenceDraft {
  name: string;
  /** The key of who answers for it. */
  owner: string;
  findings: RuledFinding[];
  content: SequenceContent;
  /** What the rules looked at. */
  linted: LintedSequence;
  /** The lead of its `sample.json`; null when there is none. */
  sample: LeadFields | null;
}

const nothingKnown: Surroundings = { people: null, roles: null, agreed: null };

/** The names of the sequences in a templates folder. */
export async function listSequences(templates: string): Promise<string[]> {
  const entries = await readdir(join(templates, 'sequences'), { withFileTypes: true }).catch(
    () => [],
  );
  const folders = await Promise.all(
    entries.map(async entry =>
      // A link may lead out of the templates; it is told when it is read.
      entry.isSymbolicLink() ? isFolder(join(entry.parentPath, entry.name)) : entry.isDirectory(),
    ),
  );
  return entries
    .filter((_entry, index) => folders[index])
    .map(({ name }) => name)
    .toSorted();
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  );
}

/**
 * Reads, compiles and checks `templates/sequences/<name>/`.
 * @param known what is known beside the templates
 * @throws DocumentError when `sequence.yaml`, `sample.json` or `brand.yaml` cannot be read
 */
export async function readSequence(
  templates: string,
  name: string,
  known: Partial<Surroundings> = {},
): Promise<SequenceDraft> {
  const root = resolve(templates);
  const folder = join(root, 'sequences', name);
  const file = shownPath(join(folder, 'sequence.yaml'));
  const text = await readNamed(root, name, join(folder, 'sequence.yaml'));
  const { value: document, problem } = readDocument(file, text, sequenceSchema);
  const brand = await loadBrand(root);
  const outline = outlineOf(document);
  const plan = outline.map(({ instruction }) => instruction);
  const steps = plan.flatMap((instruction, step) =>
    instruction.do === 'mail' ? [{ ...instruction, step }] : [],
  );
  const mails = await Promise.all(steps.map(step => readMail(root, folder, step)));
  const gone = mails.filter(({ isThere }) => !isThere).map(each => `${each.name}.mjml`);
  const entries = await readdir(folder).catch(() => []);
  const files = entries.filter(entry => entry.endsWith('.mjml') && !gone.includes(entry));
  const linted: LintedSequence = {
    name,
    file,
    source: text,
    document,
    plan,
    mails,
    brand,
    moves: await movesOf(root, await listSequences(root)),
    knownVariables,
    knownFilters: filterNames,
    files,
    ...nothingKnown,
    ...known,
    placeOf: path => placeIn(problem(path, '')),
    placeOfStep: (step, key) => {
      const { path = [], instruction } = outline[step] ?? {};
      const whole = [...path, ...(key === undefined ? [] : [key])];
      // What a variant does not say of itself is said by its step.
      const isOfStep =
        key !== undefined &&
        instruction?.do === 'mail' &&
        instruction.variant !== undefined &&
        !isSaid(document, whole);
      return placeIn(problem(isOfStep ? [...path.slice(0, -2), key] : whole, ''));
    },
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
  const sample = await readSample(root, name);
  if (isSound) findings.push(...trySample(folder, file, { name, content }, sample));
  return { name, owner: document.owner, findings, content, linted, sample };
}

/**
 * Reads what is decided by of `templates/sequences/<name>/`, and none of its mails.
 * @throws DocumentError when `sequence.yaml` cannot be read
 */
export async function readRules(templates: string, name: string): Promise<Rules> {
  const path = join(resolve(templates), 'sequences', name, 'sequence.yaml');
  const text = await readNamed(resolve(templates), name, path);
  return rulesOf(readDocument(shownPath(path), text, sequenceSchema).value);
}

/** Reads a file of a sequence. @throws DocumentError that names the nearest sequence when there is none of that name */
export async function readNamed(root: string, name: string, path: string): Promise<string> {
  const names = await listSequences(root);
  if (nameSchema.safeParse(name).success && names.includes(name))
    return needTemplateFile(path, root, largest['sequence.yaml']);
  const best = nearest(name, names);
  throw new DocumentError(shownPath(path), [
    {
      ...beginning,
      message: `there is no sequence "${name}".${best === null ? '' : ` Did you mean "${best}"?`}`,
    },
  ]);
}

/** Whether a document says something at a path. */
function isSaid(document: object, path: readonly PropertyKey[]): boolean {
  let at: unknown = document;
  for (const step of path) {
    if (at === null || typeof at !== 'object') return false;
    at = Reflect.get(at, step);
  }
  return at !== undefined;
}

function placeIn({ line, column }: Problem): Place {
  return { line, column };
}
