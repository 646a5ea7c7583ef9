import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readBrand, type Brand } from '../domain/sequence/brand.ts';

/** Reads `brand/brand.yaml` of a templates folder. @throws DocumentError */
export async function loadBrand(templates: string): Promise<Brand> {
  const file = join(resolve(templates), 'brand', 'brand.yaml');
  return readBrand(shownPath(file), await readFile(file, 'utf8'));
}

/** A path as a person in the project's folder would write it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
