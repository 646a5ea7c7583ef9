import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { minute, plus, second, type Instant } from '../domain/instant.ts';
import type { LeadId } from '../domain/ids.ts';
import { countRunning, runningRows } from '../engine/running.ts';
import {
  countOpenRows,
  openRows,
  overdueRows,
  unfinishedImports,
  unseenLeads,
  type OpenRow,
} from '../store/orphans.ts';
import { giveUpOnLost } from '../store/send.ts';
import { openWork } from '../store/slot.ts';
import type { Context } from './context.ts';
import { inParallel } from './in-parallel.ts';
import { momentOf } from './moment.ts';

/** What is younger than this may simply not have been looked at yet. */
const patienceMs = 30 * second;
/** A workflow that did not wake by now, although it was due, is gone. */
const overdueMs = 5 * minute;
/** A call of the mail provider that began longer ago is not under way any more, whoever made it. */
const lostMs = minute;
/** Looked at in one go; the rest is the next sweep's. */
const limit = 500;
const pageSize = 1_000;
const width = 16;

/**
 * Finds what fell between a write and its workflow, and sets it going again: leads with something
 * unseen, open rows whose workflow is not there, for whatever reason, imports that were not taken in to
 * their end, calls that nobody waits for. Doing it twice, or to what is well, does no harm.
 */
export async function sweep(context: Context, { shift }: { shift: number }): Promise<void> {
  const { database, engine } = context;
  const at = momentOf(shift);
  await giveUpOnLost(database, lostMs, at);

  const again = { shift, again: true };
  const young = plus(at, -patienceMs);

  const unseen = await unseenLeads(database, young, limit);
  await inParallel(await openWork(database, unseen), width, work => engine.nudge(work, again));
  heartbeat();

  const overdue = { dueBefore: plus(at, -overdueMs), neverTurnedBefore: young };
  await inParallel(await overdueRows(database, overdue, limit), width, row =>
    engine.openRow(row, again),
  );
  heartbeat();

  if (await mayLack(context, at)) await startMissing(context, young, shift);
  for (const id of await unfinishedImports(database, young)) await engine.importIntake(id, again);
}

/** Whether some open row may have no workflow: their numbers differ, or nobody has looked for an hour. */
async function mayLack({ database, engine }: Context, at: Instant): Promise<boolean> {
  const isHourly = Math.floor(at / minute) % 60 === 0;
  return isHourly || (await countRunning(engine.client)) !== (await countOpenRows(database));
}

/** Starts the workflow of every open row that has none: terminated by ops, failed, or lost with Temporal's store. */
async function startMissing(context: Context, madeBefore: Instant, shift: number): Promise<void> {
  const running = await runningRows(context.engine.client);
  for (let after: LeadId | null = null; ;) {
    const page: OpenRow[] = await openRows(context.database, madeBefore, after, pageSize);
    const missing = page.filter(
      ({ enrollmentId, escalationId }) => !running.has(enrollmentId ?? escalationId),
    );
    await inParallel(missing, width, async row => {
      cancellationSignal().throwIfAborted();
      await context.engine.openRow(row, { shift, again: true });
      heartbeat();
    });
    heartbeat();
    after = page.at(-1)?.leadId ?? null;
    if (after === null) return;
  }
}
