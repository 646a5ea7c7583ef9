import { day, minute, plus, second } from '../domain/instant.ts';
import { instant } from '../domain/instant.ts';
import { endedBadly } from '../engine/closed.ts';
import { openWork } from '../store/slot.ts';
import { controlValue, setControl } from '../store/control.ts';
import { orphans, unseenLeads } from '../store/orphans.ts';
import type { Context } from './context.ts';
import { inParallel } from './in-parallel.ts';
import { momentOf } from './moment.ts';

/** What is younger than this may simply not have been looked at yet. */
const patienceMs = 30 * second;
/** A workflow that did not wake by now, although it was due, is gone. */
const overdueMs = 5 * minute;
/** Looked at in one go; the rest is the next sweep's. */
const limit = 500;
const width = 16;

/**
 * Finds what fell between a write and its workflow, and sets it going again: leads with something
 * unseen, open rows whose workflow never took a turn, is overdue, or was terminated, imports that
 * were not taken in to their end.
 */
export async function sweep(context: Context, { shift }: { shift: number }): Promise<void> {
  const { database, engine } = context;
  const at = momentOf(shift);
  const again = { shift, again: true };

  const unseen = await unseenLeads(database, plus(at, -patienceMs), limit);
  await inParallel(await openWork(database, unseen), width, work => engine.nudge(work, again));

  const since = Number(await controlValue(database, 'swept')) || at - day;
  const ended = await endedBadly(engine.client, instant(since - minute));
  const rows = await orphans(database, {
    ids: ended,
    neverTurnedBefore: plus(at, -patienceMs),
    dueBefore: plus(at, -overdueMs),
    limit,
  });
  await inParallel(rows.enrollments, width, ({ id, leadId }) =>
    engine.nurture(id, leadId, null, again),
  );
  await inParallel(rows.escalations, width, ({ id, leadId }) =>
    engine.escalation(id, leadId, null, again),
  );
  await inParallel(rows.imports, width, id => engine.importIntake(id, again));
  await setControl(database, 'swept', String(at), at);
}
