import type { FileReport } from '../intake/import-file.ts';
import type { Terminal } from './terminal.ts';

/** Says of an import of a file what was not understood, not read, and rejected. */
export function tellOfFile(terminal: Terminal, report: FileReport): void {
  const { rows, rejected, rejectedFile, rejections, unusedHeadings, notes, noteCount } = report;
  for (const note of notes) terminal.warn(note);
  if (noteCount > notes.length)
    terminal.warn(`and ${noteCount - notes.length} more cells like these`);
  if (unusedHeadings.length > 0)
    terminal.say(`Columns that nothing was read from: ${unusedHeadings.join(', ')}.`);
  if (rows === 0) terminal.warn('The file has headings, and no rows under them.');
  if (rejected === 0) return;
  for (const { line, reason } of rejections) terminal.warn(`line ${line}: ${reason}`);
  if (rejected > rejections.length) terminal.warn(`and ${rejected - rejections.length} more rows`);
  terminal.say(
    rejectedFile === null
      ? `${rejected} rows would be rejected.`
      : `${rejected} rows were rejected; each with its reason in ${rejectedFile}.`,
  );
}

/** Runs an import with a bar that says how far the file is read. */
export async function withFileBar<T>(
  terminal: Terminal,
  work: (onProgress: (bytes: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = terminal.bar('reading', 1);
  try {
    return await work((bytes, total) => bar.to(bytes / total));
  } finally {
    bar.stop();
  }
}
