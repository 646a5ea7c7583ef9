import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { DocumentError } from '../domain/document/problem.ts';
import { nearest } from '../domain/document/nearest.ts';
import { readDocument } from '../domain/document/read.ts';
import type { LeadId } from '../domain/ids.ts';
import { noFields, type LeadFields } from '../domain/lead/fields.ts';
import { readBrand } from '../domain/sequence/brand.ts';
import type { LintedMail, LintedSequence } from '../domain/sequence/lint/finding.ts';
import { lint, type RuledFinding } from '../domain/sequence/lint/rules.ts';
import { outlineOf } from '../domain/sequence/plan.ts';
import { nameSchema, sequenceSchema, type MailStep } from '../domain/sequence/schema.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { compileMail } from './compile.ts';
import { Links } from './links.ts';
import { optionalVariables, parseLiquid, variablesOf } from './liquid.ts';
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
 * @throws DocumentError when `sequence.yaml`, `sample.json` or `brand.yaml` cannot be read
 */
export async function readSequence(templates: string, name: string): Promise<SequenceDraft> {
  const root = resolve(templates);
  const folder = join(root, 'sequences', name);
  const file = shown(join(folder, 'sequence.yaml'));
  const text = await readNamed(root, name, join(folder, 'sequence.yaml'));
  const { value: document, problem } = readDocument(file, text, sequenceSchema);
  const brandFile = join(root, 'brand', 'brand.yaml');
  const brand = readBrand(shown(brandFile), await readFile(brandFile, 'utf8'));
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
    lineOf: (step, key) =>
      problem([...(outline[step]?.path ?? []), ...(key === undefined ? [] : [key])], '').line,
  };
  const content: SequenceContent = {
    goal: document.goal,
    plan,
    mails: Object.fromEntries(
      steps.map(({ mail, subject, preheader }, index) => [
        mail,
        { subject, preheader, html: mails[index]?.html ?? '', text: mails[index]?.text ?? '' },
      ]),
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
  {
    mail: name,
    step,
    subject,
    preheader,
  }: Pick<MailStep, 'mail' | 'subject' | 'preheader'> & { step: number },
): Promise<LintedMail> {
  const path = join(folder, `${name}.mjml`);
  const file = shown(path);
  const source = await readFile(path, 'utf8').catch(() => null);
  const inTexts = [...variables(subject, 'subject'), ...variables(preheader, 'preheader')];
  if (source === null)
    return {
      name,
      step,
      file,
      source: '',
      html: null,
      text: null,
      complaints: [],
      variables: inTexts,
    };
  try {
    const { body, problems } = await compileMail(source, path, root);
    parseLiquid(body.html, 'html');
    parseLiquid(body.text, 'text');
    const used = variables(body.html, 'mjml').map(variable => ({
      ...variable,
      line: lineOf(source, variable.name),
    }));
    return {
      name,
      step,
      file,
      source,
      ...body,
      complaints: problems,
      variables: [...inTexts, ...used],
    };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const line = Number(/line:? ?(\d+)/i.exec(message)?.[1] ?? 1);
    return {
      name,
      step,
      file,
      source,
      html: null,
      text: null,
      complaints: [{ line, message }],
      variables: inTexts,
    };
  }
}

function variables(
  text: string,
  part: 'mjml' | 'subject' | 'preheader',
): LintedMail['variables'][number][] {
  const optional = optionalVariables(text);
  return variablesOf(text).map(name => ({
    name,
    hasDefault: optional.has(name),
    line: 1,
    in: part,
  }));
}

/** Makes every mail for the sample lead: what fails here would be blocked for a lead like that. */
async function renderSample(
  folder: string,
  sequenceFile: string,
  content: SequenceContent,
): Promise<RuledFinding[]> {
  const path = join(folder, 'sample.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  const finding = { rule: 'sample', severity: 'error', line: 1 } as const;
  if (text === null)
    return [
      {
        ...finding,
        file: sequenceFile,
        message: 'there is no sample.json beside it, with a lead to try the mails on.',
      },
    ];
  const { lead } = readDocument(shown(path), text, sampleSchema).value;
  const fields: LeadFields = { ...noFields };
  for (const [name, value] of Object.entries(lead))
    Object.assign(fields, { [leadFields[name as keyof typeof leadFields]]: value });
  const links = new Links('https://example.com', 'a secret that signs nothing but samples');
  return Object.keys(content.mails).flatMap(name => {
    try {
      personalize(content, name, { id: 'sample' as LeadId, fields }, links);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return [{ ...finding, file: shown(join(folder, `${name}.mjml`)), message: error.message }];
    }
  });
}

async function readNamed(root: string, name: string, path: string): Promise<string> {
  const text = nameSchema.safeParse(name).success
    ? await readFile(path, 'utf8').catch(() => null)
    : null;
  if (text !== null) return text;
  const best = nearest(name, await listSequences(root));
  throw new DocumentError(shown(path), [
    {
      line: 1,
      column: 1,
      message: `there is no sequence "${name}".${best === null ? '' : ` Did you mean "${best}"?`}`,
    },
  ]);
}

function lineOf(source: string, word: string): number {
  const index = source.indexOf(word);
  return index < 0 ? 1 : source.slice(0, index).split('\n').length;
}

/** A path as a person in the project's folder would write it. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
