import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beginning } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import type { ReadDocument } from '../domain/document/read.ts';
import { readTalk, strangerTo, type Talk } from '../domain/escalation/talk.ts';
import { shownPath } from './brand.ts';

/** Characters of a file; one that says all that it may is far smaller. */
const longest = 20_000;

/**
 * What reps may talk about with leads of each segment, from `templates/sales/*.yaml`; nothing where there is no such
 * folder.
 * @throws DocumentError of the first file that cannot be used
 */
export async function loadTalks(templates: string): Promise<Talk[]> {
  const { read, errors } = await readSalesFolder(templates);
  const [first] = errors;
  if (first !== undefined) throw first;
  return read.map(({ value }) => value);
}

/**
 * All that is wrong with the files of `templates/sales/`.
 * @param segments the names of those that there are; null when that is not known
 */
export async function lintSales(
  templates: string,
  segments: readonly string[] | null,
): Promise<DocumentError[]> {
  const { read, errors } = await readSalesFolder(templates);
  const strangers = read.flatMap(document => {
    const problem = segments === null ? null : strangerTo(segments, document);
    return problem === null ? [] : [new DocumentError(document.file, [problem])];
  });
  return [...errors, ...strangers];
}

/** The files that can be used, and what is wrong with the others. */
async function readSalesFolder(
  templates: string,
): Promise<{ read: ReadDocument<Talk>[]; errors: DocumentError[] }> {
  const folder = join(resolve(templates), 'sales');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const read: ReadDocument<Talk>[] = [];
  const errors: DocumentError[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() || !/\.ya?ml$/i.test(entry.name)) continue;
    const path = join(folder, entry.name);
    try {
      read.push(await readFileOf(path, entry, read));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      errors.push(error);
    }
  }
  return { read, errors };
}

async function readFileOf(
  path: string,
  entry: { name: string; isFile: () => boolean },
  before: readonly ReadDocument<Talk>[],
): Promise<ReadDocument<Talk>> {
  const file = shownPath(path);
  const refuse = (problem: Problem): never => {
    throw new DocumentError(file, [problem]);
  };
  if (!entry.name.endsWith('.yaml'))
    refuse({ ...beginning, message: 'it is not read by this name; let it end with ".yaml".' });
  // A link may lead out of the templates.
  if (!entry.isFile()) refuse({ ...beginning, message: 'it is a link; put the file itself here.' });
  const text = await readFile(path, 'utf8');
  if (text.length > longest)
    refuse({
      ...beginning,
      message: `it has ${text.length} characters; more than ${longest} are a mistake.`,
    });
  const document = readTalk(file, text);
  const twin = before.find(({ value }) => value.for === document.value.for);
  if (twin !== undefined)
    refuse(document.problem(['for'], `${twin.file} is for "${twin.value.for}" already.`));
  return document;
}
