import { readdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { placeAt } from '../domain/document/place.ts';
import type { Problem } from '../domain/document/problem.ts';
import { suggestion } from '../domain/document/nearest.ts';
import { elementsIn, parseTemplate, type Source } from '../domain/sequence/lint/template.ts';
import { shownPath } from './brand.ts';
import { largest, readTemplateFile } from './template-file.ts';

/** More includes than a mail can mean, those of what it includes among them. */
const mostIncludes = 40;

/** What a mail includes. */
export interface Included {
  /** What each include in a file leads to. */
  sourceOf: (from: Source, path: string) => Source | null;
  /** The files, each once, in the order in which they were found. */
  sources: readonly Source[];
  /**
   * What is wrong with includes, at those of the mail itself. Where something is, MJML may not see them: it would leave
   * them out without a word, read what it should not, or read for ever.
   */
  problems: readonly Problem[];
}

/**
 * Reads all that a mail includes, and what that includes.
 * @param path the mail's, which its includes are relative to
 * @param root the folder that includes may not leave
 */
export async function readIncludes(mail: Source, path: string, root: string): Promise<Included> {
  const reading = new Reading(root);
  const problems: Problem[] = [];
  for (const { target, start } of includesOf(mail)) {
    const message = await reading.follow(target, { ...mail, path }, [path]);
    if (message !== null) problems.push({ ...placeAt(mail.text, start), message });
  }
  return {
    sourceOf: (from, target) => reading.found.get(keyOf(from.file, target)) ?? null,
    sources: [...new Set(reading.found.values())],
    problems,
  };
}

interface Placed extends Source {
  path: string;
}

class Reading {
  /** By the file that includes and the path that it names. */
  readonly found = new Map<string, Source>();
  readonly #root: string;
  readonly #sources = new Map<string, Source>();
  #count = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** What is wrong with an include, or with one in what it leads to; null when nothing is. */
  async follow(target: string, from: Placed, chain: readonly string[]): Promise<string | null> {
    const path = resolve(dirname(from.path), decoded(target));
    if (!path.startsWith(resolve(this.#root) + sep))
      return `"${target}" leaves the templates; keep what is included in templates/brand/.`;
    if (chain.includes(path)) return `"${target}" includes itself in the end.`;
    if (++this.#count > mostIncludes)
      return `"${target}" is one of more than ${mostIncludes} includes; join some.`;
    const source = await this.#read(path);
    if (typeof source === 'string') return `"${target}": ${source}`;
    if (source === null) {
      const beside = await readdir(dirname(path)).catch(() => []);
      return `there is no "${target}".${suggestion(target.split('/').at(-1) ?? target, beside)}`;
    }
    this.found.set(keyOf(from.file, target), source);
    for (const inner of includesOf(source)) {
      const message = await this.follow(inner.target, { ...source, path }, [...chain, path]);
      if (message !== null) return `"${target}": ${message}`;
    }
    return null;
  }

  /** A file, once; null when there is none, and a sentence when it may not be read. */
  async #read(path: string): Promise<Source | string | null> {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const read = await readTemplateFile(path, this.#root, largest.mail);
    if (read.kind === 'missing') return null;
    if (read.kind === 'refused') return read.problem.message;
    const source = { file: shownPath(path), text: read.text };
    this.#sources.set(path, source);
    return source;
  }
}

function includesOf(source: Source): { target: string; start: number }[] {
  return elementsIn(parseTemplate(source, () => null)).flatMap(({ name, attributes, start }) =>
    name === 'mj-include' ? [{ target: attributes.get('path')?.value ?? '', start }] : [],
  );
}

/** MJML reads `%2e` in a path as a dot. */
function decoded(path: string): string {
  try {
    const once = decodeURIComponent(path);
    return once === path ? path : decoded(once);
  } catch {
    return path;
  }
}

function keyOf(file: string, target: string): string {
  return `${file}\n${target}`;
}
