import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { validate } from 'uuid';
import { hour, minute, plus, second, type Instant } from '../domain/instant.ts';
import type { LeadId } from '../domain/ids.ts';
import { countRunning, runningRows } from '../engine/running.ts';
import {
  closedRows,
  countOpenRows,
  openRows,
  overdueRows,
  unfinishedImports,
  unseenLeads,
  type OpenRow,
} from '../store/orphans.ts';
import { runningActivation } from '../store/activation.ts';
import { unsignedDraft } from '../store/draft.ts';
import { openProposals } from '../store/proposal.ts';
import { giveUpOnLost } from '../store/send.ts';
import { openWork } from '../store/slot.ts';
import type { Context } from './context.ts';
import { inParallel } from './in-parallel.ts';
import { startLostHooks } from './hook.ts';
import { momentOf } from './moment.ts';

/** What is younger than this may simply not have been looked at yet. */
const patienceMs = 30 * second;
/** A workflow that did not wake by now, although it was due, is gone. */
const overdueMs = 5 * minute;
/** A call of the mail provider that began longer ago is not under way any more, whoever made it. */
const lostMs = minute;
/** One that runs, and did not wake for so long, waits for something else: it was reset to before it was told. */
const deafMs = hour;
/** Looked at in one go; the rest is the next sweep's. */
const limit = 500;
const pageSize = 1_000;
const width = 16;

/**
 * Finds what fell between a write and its workflow, and sets it going again: leads with something
 * unseen, open rows whose workflow is not there, for whatever reason, imports, activations, signings and hooks that
 * were not carried to their end, calls that nobody waits for. Doing it twice, or to what is well, does no harm.
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

  const overdue = {
    dueBefore: plus(at, -overdueMs),
    neverTurnedBefore: young,
    deafBefore: plus(at, -deafMs),
  };
  await inParallel(await overdueRows(database, overdue, limit), width, async row => {
    const isTold = row.isDeaf && (await engine.tell(`nurture/${row.enrollmentId}`));
    if (!isTold) await engine.openRow(row, again);
  });
  heartbeat();

  if (await mayDiffer(context, at)) await compare(context, young, shift);
  for (const id of await unfinishedImports(database, young)) await engine.importIntake(id, again);
  const activation = await runningActivation(database);
  if (activation !== null) await engine.activation(activation, again);
  const draft = await unsignedDraft(database, young);
  if (draft !== null) await engine.signing(draft, again);
  for (const id of await openProposals(database, young)) await engine.signingSequence(id, again);
  await startLostHooks(context, young, shift);
}

/** Whether open rows and running workflows may differ: their numbers do, or nobody has looked for an hour. */
async function mayDiffer({ database, engine }: Context, at: Instant): Promise<boolean> {
  const isHourly = Math.floor(at / minute) % 60 === 0;
  return isHourly || (await countRunning(engine.client)) !== (await countOpenRows(database));
}

/**
 * Starts the workflow of every open row that has none: terminated by ops, failed, or lost with Temporal's
 * store. Tells every workflow to look whose row is closed: it was reset, and would wait for nothing.
 */
async function compare(context: Context, madeBefore: Instant, shift: number): Promise<void> {
  const { database, engine } = context;
  const others = await runningRows(engine.client);
  for (let after: LeadId | null = null; ;) {
    const page: OpenRow[] = await openRows(database, madeBefore, after, pageSize);
    const missing = page.filter(
      ({ enrollmentId, escalationId }) => !others.delete(enrollmentId ?? escalationId),
    );
    await inParallel(missing, width, async row => {
      cancellationSignal().throwIfAborted();
      await engine.openRow(row, { shift, again: true });
      heartbeat();
    });
    heartbeat();
    after = page.at(-1)?.leadId ?? null;
    if (after === null) break;
  }
  // What is left has just begun, or has no open row.
  const closed = new Set(await closedRows(database, [...others.keys()].filter(validate)));
  const leftOver = [...others].filter(([row]) => closed.has(row));
  await inParallel(leftOver, width, async ([, workflowId]) => {
    await engine.tell(workflowId);
  });
}
