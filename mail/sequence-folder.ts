import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { beginning, placeAt, type Place } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import { nearest } from '../domain/document/nearest.ts';
import { readDocument } from '../domain/document/read.ts';
import type { LeadId } from '../domain/ids.ts';
import { noFields, type LeadFields } from '../domain/lead/fields.ts';
import type { LintedMail, LintedSequence, MailPart } from '../domain/sequence/lint/finding.ts';
import { lint, type RuledFinding } from '../domain/sequence/lint/rules.ts';
import { nameSchema } from '../domain/sequence/name.ts';
import { compiledName, fileOf, outlineOf, type MailInstruction } from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { loadBrand, shownPath } from './brand.ts';
import { compileMail } from './compile.ts';
import { Links } from './links.ts';
import { includeProblems } from './includes.ts';
import { liquidComplaint, optionalVariables, variablesOf } from './liquid.ts';
import { personalize, TemplateError } from './personalize.ts';
import { knownVariables, leadFields } from './variables.ts';

/** A sequence as it stands in its folder: what the rules find, and what would be published. */
export interface SequenceDraft {
  name: string;
  findings: RuledFinding[];
  content: SequenceContent;
}

const sampleSchema = z.strictObject({
  lead: z.partialRecord(
    z.enum(Object.keys(leadFields) as [keyof typeof leadFields, ...(keyof typeof leadFields)[]]),
    z.union([z.string(), z.number()]),
  ),
});

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
    plan,
    ...(document.leave_when === undefined ? {} : { leaveWhen: document.leave_when }),
    ...(document.cap === undefined ? {} : { cap: document.cap }),
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
  if (isSound) findings.push(...(await renderSample(folder, file, content)));
  return { name, findings, content };
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

/** Makes every mail for the sample lead: what fails here would be blocked for a lead like that. */
async function renderSample(
  folder: string,
  sequenceFile: string,
  content: SequenceContent,
): Promise<RuledFinding[]> {
  const path = join(folder, 'sample.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  const finding = { rule: 'sample', severity: 'error', ...beginning } as const;
  if (text === null)
    return [
      {
        ...finding,
        file: sequenceFile,
        message: 'there is no sample.json beside it, with a lead to try the mails on.',
      },
    ];
  const { lead } = readDocument(shownPath(path), text, sampleSchema).value;
  const fields: LeadFields = { ...noFields };
  for (const [name, value] of Object.entries(lead))
    Object.assign(fields, { [leadFields[name as keyof typeof leadFields]]: value });
  const links = new Links('https://example.com', 'a secret that signs nothing but samples');
  const mails = content.plan.filter(instruction => instruction.do === 'mail');
  return mails.flatMap(mail => {
    try {
      personalize(content, compiledName(mail), { id: 'sample' as LeadId, fields }, links);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const file = shownPath(join(folder, `${fileOf(mail)}.mjml`));
      return [{ ...finding, file, message: error.message }];
    }
  });
}

/** Reads a file of a sequence. @throws DocumentError that names the nearest sequence when there is none */
export async function readNamed(root: string, name: string, path: string): Promise<string> {
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
