import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { beginning } from '../domain/document/place.ts';
import { DocumentError } from '../domain/document/problem.ts';
import { readBrand, type Brand } from '../domain/sequence/brand.ts';

/** Reads `brand/brand.yaml` of a templates folder. @throws DocumentError also when there is none */
export async function loadBrand(templates: string): Promise<Brand> {
  const file = join(resolve(templates), 'brand', 'brand.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return readBrand(shownPath(file), text);
  const message =
    'the file is missing; bring it back from the version control, or copy the one of a fresh clone.';
  throw new DocumentError(shownPath(file), [{ ...beginning, message }]);
}

/** A path as a person in the project's folder would write it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
