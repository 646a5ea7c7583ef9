import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { temporal } from '@temporalio/proto';
import { sql } from '../../store/database.ts';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { whileRunning } from './processes.ts';
import { low, median } from './report.ts';
import type { Scenario } from './run.ts';

const leads = 200;
const mails = 6;

type History = temporal.api.history.v1.IHistoryEvent[];

/** What a lead costs that goes through six mails: in Temporal's history and bill, and in both databases. */
export const cost: Scenario = async machine => {
  await prepare(machine, ['cost']);
  await publish(machine.database, 'cost', mailsEvery('20s', '8s', mails));
  return whileRunning(machine, ['worker', 'sink'], async () => {
    const before = await bytes(machine);
    await bringIn(machine, 'cost', leads);
    const histories = await finished(machine);
    const after = await bytes(machine);
    const figure = (what: string, values: number[], line?: number) =>
      low('cost', what, values, line);
    const of = (count: (history: History) => number) => [median(histories.map(count))];
    return [
      figure('history events of a mail step', of(eventsOfAStep), 13),
      figure(
        'activities of a mail step',
        of(history => named(history, 'activityTaskScheduledEventAttributes') / mails),
        1,
      ),
      figure(`Temporal actions of a lead through ${mails} mails`, of(actions), 16),
      figure(
        `history events of a lead through ${mails} mails`,
        of(history => history.length),
      ),
      figure("KB in Lockstep's database for a lead", [
        (after.lockstep - before.lockstep) / leads / 1024,
      ]),
      figure("KB in Temporal's database for a lead", [
        (after.temporal - before.temporal) / leads / 1024,
      ]),
    ];
  });
};

/** The histories of all leads, once every one has ended. */
async function finished({ client, database }: Machine): Promise<History[]> {
  for (;;) {
    const [row] = await database.$queryRaw<{ open: number }[]>(sql`
      SELECT count(*)::int AS open FROM enrollment WHERE ended_at IS NULL`);
    const { count } = await client.workflow.count(
      `WorkflowType = 'nurture' AND ExecutionStatus = 'Completed'`,
    );
    if (row?.open === 0 && count === leads) break;
    await sleep(500);
  }
  const histories: History[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'nurture'` }))
    histories.push((await client.workflow.getHandle(workflowId).fetchHistory()).events ?? []);
  return histories;
}

function named(history: History, attributes: keyof History[number]): number {
  return history.filter(event => event[attributes] != null).length;
}

/** From one mail's timer to the next: the median of the steps between. */
function eventsOfAStep(history: History): number {
  const fired = history.flatMap((event, index) =>
    event.timerFiredEventAttributes == null ? [] : [index],
  );
  return median(fired.slice(1).map((at, n) => at - (fired[n] ?? 0)));
}

/**
 * What Temporal Cloud counts (docs.temporal.io/cloud/actions): starts, timers, attempts of activities,
 * signals, and search attributes that are set after the start.
 */
function actions(history: History): number {
  return (
    named(history, 'workflowExecutionStartedEventAttributes') +
    named(history, 'timerStartedEventAttributes') +
    history.reduce(
      (sum, event) => sum + (event.activityTaskStartedEventAttributes?.attempt ?? 0),
      0,
    ) +
    named(history, 'workflowExecutionSignaledEventAttributes') +
    named(history, 'upsertWorkflowSearchAttributesEventAttributes')
  );
}

async function bytes({
  database,
  folder,
}: Machine): Promise<{ lockstep: number; temporal: number }> {
  await database.$executeRaw(sql`CHECKPOINT`);
  const [row] = await database.$queryRaw<{ size: bigint }[]>(sql`
    SELECT pg_database_size(current_database()) AS size`);
  return { lockstep: Number(row?.size ?? 0), temporal: await sizeOf(join(folder, 'temporal.db')) };
}

/**
 * Bytes of an SQLite database with what stands in its write-ahead log: each frame that commits says how many pages
 * there are then (sqlite.org/fileformat2.html, "The Write-Ahead Log").
 */
async function sizeOf(file: string): Promise<number> {
  const log = await readFile(`${file}-wal`).catch(() => Buffer.alloc(0));
  if (log.length >= 32) {
    let pages = 0;
    const pageBytes = log.readUInt32BE(8);
    const salt = log.subarray(16, 24);
    for (let at = 32; at + 24 + pageBytes <= log.length; at += 24 + pageBytes) {
      // What follows was written before the log began anew.
      if (!log.subarray(at + 8, at + 16).equals(salt)) break;
      pages = log.readUInt32BE(at + 4) || pages;
    }
    if (pages > 0) return pages * pageBytes;
  }
  return (await stat(file)).size;
}
