import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { CsvRecord } from './csv.ts';

/** The file beside the imported one that holds what could not be used, ready to be mended and imported. */
export class Rejects {
  readonly #path: string;
  readonly #dryRun: boolean;
  #stream: WriteStream | null = null;
  header: readonly string[] = [];

  constructor(path: string, dryRun: boolean) {
    this.#path = path;
    this.#dryRun = dryRun;
  }

  /** Forgets what an earlier import of the file rejected. */
  async begin(): Promise<void> {
    if (!this.#dryRun) await rm(this.#path, { force: true });
  }

  async add(record: CsvRecord, reason: string): Promise<void> {
    if (this.#dryRun) return;
    if (this.#stream === null) {
      this.#stream = createWriteStream(this.#path, { mode: 0o600 });
      this.#stream.write(stringify([['line', 'reason', ...this.header]]));
    }
    const cells = 'cells' in record ? record.cells : [record.raw];
    if (!this.#stream.write(stringify([[String(record.line), reason, ...cells]])))
      await once(this.#stream, 'drain');
  }

  async end(): Promise<string | null> {
    const stream = this.#stream;
    if (stream === null) return null;
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.end(resolve);
    });
    return this.#path;
  }
}
