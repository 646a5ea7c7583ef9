import { relative, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';

/** What is heard of a templates folder as its files are saved. */
export class FolderChanges {
  readonly #listeners = new Set<(sequence: string | null) => void>();
  /** Of each sequence, the last change of its own files. */
  readonly #last = new Map<string, number>();
  readonly #watcher: FSWatcher;
  readonly #ready: Promise<void>;
  /** Of any file, and of one that all sequences share. */
  #any: number;
  #shared: number;

  /** @param templates the folder */
  constructor(templates: string) {
    // Higher than all that an earlier process has said, so that a page that was made by it is known for old.
    this.#any = this.#shared = Date.now();
    this.#watcher = watch(templates, {
      ignoreInitial: true,
      ignored: path => isPassing(relative(templates, path)),
    });
    this.#ready = new Promise(resolve => this.#watcher.once('ready', resolve));
    this.#watcher.on('all', (_event, path) => this.#tell(relative(templates, path)));
    // A folder that may not be read is told of by whoever reads it.
    this.#watcher.on('error', () => undefined);
  }

  /** Once every change is heard. */
  listening(): Promise<void> {
    return this.#ready;
  }

  /**
   * A number that rises with every change.
   * @param sequence whose files are meant, with those that all share; null for all there are
   */
  revisionOf(sequence: string | null): number {
    if (sequence === null) return this.#any;
    return Math.max(this.#shared, this.#last.get(sequence) ?? 0);
  }

  /**
   * Has somebody told of each change, by the sequence whose file it is, or null where all share it.
   * @returns ends it
   */
  onChange(listener: (sequence: string | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#watcher.close();
  }

  #tell(path: string): void {
    const [folder, name] = path.split(sep);
    const sequence = folder === 'sequences' && name !== undefined ? name : null;
    this.#any += 1;
    if (sequence === null) this.#shared = this.#any;
    else this.#last.set(sequence, this.#any);
    for (const listener of this.#listeners) listener(sequence);
  }
}

/** What editors put beside a file while they save it, and what is hidden. */
function isPassing(path: string): boolean {
  return path.split(sep).some(part => /^\.(?!\.?$)|~$|^#|\.(swp|swx|tmp)$/.test(part));
}
