import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportId } from '../domain/ids.ts';
import { intakeProgress } from '../store/intake.ts';
import type { Opened } from './open.ts';
import type { Terminal } from './terminal.ts';

/** Has the leads of an import looked at, page by page, and waits for it. */
export async function takeIn(
  { database, engine }: Opened,
  terminal: Terminal,
  importId: ImportId,
): Promise<void> {
  let progress = await intakeProgress(database, importId);
  if (progress.finished) return;
  // The same file may be taken in a second time, long after the first: its workflow begins anew.
  await engine.importIntake(importId, { shift: 0, again: true });
  const bar = terminal.bar('grading', progress.total);
  while (!progress.finished) {
    await sleep(200);
    progress = await intakeProgress(database, importId);
    bar.to(progress.done);
  }
  bar.stop();
}
