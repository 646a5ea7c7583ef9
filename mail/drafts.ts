import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beginning } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import type { Surroundings } from '../domain/sequence/lint/finding.ts';
import { nameSchema } from '../domain/sequence/name.ts';
import { shownPath } from './brand.ts';
import { listSequences, readSequence, type SequenceDraft } from './sequence-folder.ts';

/** A sequence whose files cannot be read, and why. */
export interface BrokenDraft {
  name: string;
  /** The file that the problems are in. */
  file: string;
  problems: readonly Problem[];
  /** `sequence.yaml` as it stands there; null when there is none. */
  source: string | null;
}

/** A sequence as its files are at this moment. */
export type Draft = SequenceDraft | BrokenDraft;

export function isBroken(draft: Draft): draft is BrokenDraft {
  return 'problems' in draft;
}

/** The sequences of a templates folder. Each is read again when a file of it has changed, and not before. */
export class Drafts {
  readonly #root: string;
  readonly #known: () => Promise<Surroundings>;
  readonly #kept = new Map<string, { state: string; draft: Promise<Draft> }>();

  /** @param known what is known beside the templates, whenever a sequence is read */
  constructor(templates: string, known: () => Promise<Surroundings>) {
    this.#root = resolve(templates);
    this.#known = known;
  }

  /** The names of the sequences that there are. */
  names(): Promise<string[]> {
    return listSequences(this.#root);
  }

  /** A sequence as its files are now; null when there is none of that name. */
  async draft(name: string): Promise<Draft | null> {
    if (!(await this.names()).includes(name)) {
      this.#kept.delete(name);
      return null;
    }
    const state = await this.#stateOf(name);
    const kept = this.#kept.get(name);
    if (kept?.state === state) return kept.draft;
    const draft = this.#read(name);
    this.#kept.set(name, { state, draft });
    return draft;
  }

  /** All of them, in the order of their names. */
  async all(): Promise<Draft[]> {
    const drafts = await Promise.all((await this.names()).map(name => this.draft(name)));
    return drafts.filter(draft => draft !== null);
  }

  async #read(name: string): Promise<Draft> {
    const path = join(this.#root, 'sequences', name, 'sequence.yaml');
    const file = shownPath(path);
    const broken = async (where: string, problems: readonly Problem[]): Promise<BrokenDraft> => ({
      ...{ name, file: where, problems },
      source: await readFile(path, 'utf8').catch(() => null),
    });
    const named = nameSchema.safeParse(name);
    if (!named.success) {
      const [issue] = named.error.issues;
      const message = `"${name}" cannot name a sequence: ${issue?.message ?? ''}.`;
      return broken(file, [{ ...beginning, message }]);
    }
    try {
      return await readSequence(this.#root, name, await this.#known());
    } catch (error) {
      if (error instanceof DocumentError) return broken(error.file, error.problems);
      return broken(...this.#unread(file, error));
    }
  }

  /** What is said of a file that went away, may not be read, or is no file, while it was read. */
  #unread(file: string, error: unknown): [file: string, problems: Problem[]] {
    const { code, path } = error as { code?: unknown; path?: unknown };
    const where = typeof path === 'string' ? shownPath(path) : file;
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const why = code === 'ENOENT' ? 'there is no such file.' : `it cannot be read: ${first}.`;
    return [where, [{ ...beginning, message: why }]];
  }

  /** What the files are by the file system: those of the sequence, and those that all share. */
  async #stateOf(name: string): Promise<string> {
    const tops = await readdir(this.#root).catch(() => []);
    const shared = tops.filter(top => top !== 'sequences').map(top => join(this.#root, top));
    const folders = [join(this.#root, 'sequences', name), ...shared];
    return (await Promise.all(folders.map(stateOfFiles))).flat().join('\n');
  }
}

/** A line for each file below a path, which is another when the file was saved. */
async function stateOfFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  const files =
    entries === null
      ? [path]
      : entries
          .filter(entry => !entry.isDirectory())
          .map(entry => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async file => {
      const found = await stat(file).catch(() => null);
      return `${file} ${found?.ino ?? ''} ${found?.mtimeMs ?? ''} ${found?.size ?? ''}`;
    }),
  );
}
