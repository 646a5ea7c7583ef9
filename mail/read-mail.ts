import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beginning, placeAt, type Place } from '../domain/document/place.ts';
import type { Problem } from '../domain/document/problem.ts';
import { defaultsOf } from '../domain/sequence/lint/attributes.ts';
import type { LintedMail, MailPart } from '../domain/sequence/lint/finding.ts';
import {
  elementsIn,
  liquidIn,
  parseTemplate,
  type Source,
} from '../domain/sequence/lint/template.ts';
import { fileOf, type MailInstruction } from '../domain/sequence/plan.ts';
import { shownPath } from './brand.ts';
import { compileMail, type CompiledBody } from './compile.ts';
import { readIncludes } from './includes.ts';
import { liquidComplaint, optionalVariables, variablesOf } from './liquid.ts';
import { largest, readTemplateFile } from './template-file.ts';

/** More elements, deeper in each other, or more Liquid, than a mail can mean: to compile it would take very long. */
const [mostElements, deepest, mostLiquid] = [2_000, 60, 1_000];

/**
 * Reads and compiles the mail of a step.
 * @returns also whether there is such a file
 */
export async function readMail(
  root: string,
  folder: string,
  step: MailInstruction & { step: number },
): Promise<LintedMail & { isThere: boolean }> {
  const { subject, preheader } = step;
  const path = join(folder, `${fileOf(step)}.mjml`);
  const file = shownPath(path);
  const texts = [readText(subject, 'subject'), readText(preheader, 'preheader')];
  const mail: LintedMail & { isThere: boolean } = {
    name: fileOf(step),
    step: step.step,
    ...{ file, subject, preheader },
    ...{ source: '', sources: [], elements: [], defaults: new Map() },
    ...{ html: null, text: null, complaints: [], includes: [], isThere: true },
    liquid: texts.flatMap(({ liquid }) => liquid),
    variables: texts.flatMap(({ variables }) => variables),
  };
  const read = await readTemplateFile(path, root, largest.mail);
  if (read.kind === 'missing') return { ...mail, isThere: false };
  if (read.kind === 'refused') return { ...mail, complaints: [read.problem] };
  const own: Source = { file, text: read.text };
  const included = await readIncludes(own, path, root);
  const elements = elementsIn(parseTemplate(own, included.sourceOf));
  const seen = {
    ...mail,
    source: own.text,
    sources: [own, ...included.sources],
    elements,
    defaults: defaultsOf(elements),
    includes: included.problems,
  };
  if (included.problems.length > 0) return seen;
  const tooMuch = isTooMuch(seen);
  if (tooMuch !== null)
    // Nor is it looked at any closer.
    return { ...seen, elements: [], complaints: [{ ...beginning, message: tooMuch }] };
  const { body, problems, liquid, variables } = await compiled(seen.sources, path, root);
  return {
    ...seen,
    ...body,
    complaints: problems,
    liquid: [...mail.liquid, ...liquid],
    variables: [...mail.variables, ...variables],
  };
}

function isTooMuch({ elements, sources }: LintedMail): string | null {
  const liquid = sources.reduce((sum, source) => sum + liquidIn(source).length, 0);
  if (liquid > mostLiquid)
    return `it has ${liquid} pieces of Liquid; more than ${mostLiquid} are no mail.`;
  if (elements.length > mostElements)
    return `it has ${elements.length} elements; more than ${mostElements} are no mail.`;
  const depths = new Map<object, number>();
  for (const element of elements) {
    const depth = (element.parent === null ? 0 : (depths.get(element.parent) ?? 0)) + 1;
    if (depth > deepest)
      return `<${element.name}> stands in ${depth} others, at line ${placeAt(element.source.text, element.start).line}; close those before it.`;
    depths.set(element, depth);
  }
  return null;
}

/** What compiling came to. */
interface Compiled extends Pick<LintedMail, 'liquid' | 'variables'> {
  body: CompiledBody | { html: null; text: null };
  problems: Problem[];
}

/** A mail that was compiled is not compiled again while it and what it includes stay as they are. */
const known = new Map<string, Promise<Compiled>>();
const mostKnown = 300;

function compiled(sources: readonly Source[], path: string, root: string): Promise<Compiled> {
  const hash = createHash('sha256');
  for (const part of [path, root, ...sources.flatMap(({ file, text }) => [file, text])])
    hash.update(`${part.length}:${part}`);
  const key = hash.digest('base64');
  const before = known.get(key);
  // What was asked for last is forgotten last.
  known.delete(key);
  const result = before ?? compileAnew(sources, path, root);
  known.set(key, result);
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(oldest);
  }
  return result;
}

async function compileAnew(
  sources: readonly Source[],
  path: string,
  root: string,
): Promise<Compiled> {
  try {
    const { body, problems } = await compileMail(sources[0]?.text ?? '', path, root);
    return { body, problems, ...readText(body.html, 'mjml', sources) };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const line = Number(/line:? ?(\d+)/i.exec(message)?.[1] ?? 1);
    const problems = [{ line, column: 1, message }];
    return { body: { html: null, text: null }, problems, liquid: [], variables: [] };
  }
}

/**
 * Reads a text as Liquid: what is wrong with it, or which variables it asks for.
 * @param sources what the text was made from, where things are shown to be
 */
function readText(
  text: string,
  part: MailPart,
  sources: readonly Source[] = [{ file: '', text }],
): Pick<LintedMail, 'liquid' | 'variables'> {
  const complaint = liquidComplaint(text);
  if (complaint !== null) {
    const { message, about } = complaint;
    return { liquid: [{ ...whereIs(about, sources), message, in: part }], variables: [] };
  }
  const optional = optionalVariables(text);
  const variables = variablesOf(text).map(name => ({
    name,
    hasDefault: optional.has(name),
    ...whereIs(name, sources),
    in: part,
  }));
  return { liquid: [], variables };
}

/** The first place of a text in some files; the beginning of the first where it is in none. */
function whereIs(text: string, sources: readonly Source[]): Place & { file: string } {
  const within = sources.find(source => source.text.includes(text)) ?? sources[0];
  if (within === undefined) return { ...beginning, file: '' };
  return { ...placeAt(within.text, within.text.indexOf(text)), file: within.file };
}
