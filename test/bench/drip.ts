import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sql } from '../../store/database.ts';
import { startSteps } from './bare.ts';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { countAt, whileRunning } from './processes.ts';
import { low, percentile } from './report.ts';
import { costOf, medianCosts, total, type Costs, type Scenario } from './run.ts';

const leads = 2_000;
const waitMs = 60_000;
const crowd = 1_500;
const few = 40;
const sending = ['worker', 'sink'] as const;

/**
 * What was measured of the peers (mail, a minute, mail, for 2,000 contacts), and how long a few leads wait
 * for their mail behind a crowd that is due.
 */
export const drip: Scenario = async (machine, { pairs, say }) => {
  await prepare(machine, ['crowd', 'few', 'drip']);
  await publish(machine.database, 'drip', mailsEvery(null, `${waitMs / 1000}s`, 2));
  await publish(machine.database, 'crowd', mailsEvery('25s', '30 days', 2));
  await publish(machine.database, 'few', mailsEvery('10s', '30 days', 2));
  const runs = [];
  for (let run = 0; run < pairs; run++) {
    const ours = await whileRunning(machine, sending, () => dripped(machine));
    const bare = await whileRunning(machine, ['bare worker'], () => bareDripped(machine));
    const behind = await whileRunning(machine, sending, () => behindACrowd(machine));
    runs.push({ ...ours, bare, behind });
    const [p50, p99] = [percentile(ours.late, 0.5), percentile(ours.late, 0.99)];
    say(
      `run ${run + 1} of ${pairs}: ${ours.seconds.toFixed(1)} s, p50 ${p50.toFixed(2)} s, p99 ${p99.toFixed(2)} s; bare ${bare.seconds.toFixed(1)} s; behind a crowd ${Math.max(...behind).toFixed(1)} s`,
    );
  }
  return [
    low(
      'drip',
      `seconds for ${leads} leads, a minute of them the wait`,
      runs.map(({ seconds }) => seconds),
      100,
    ),
    {
      scenario: 'drip',
      what: 'the same without that minute',
      values: runs.map(({ seconds }) => seconds - waitMs / 1_000),
      bare: runs.map(({ bare }) => bare.seconds - waitMs / 1_000),
      better: 'lower',
    },
    {
      scenario: 'drip',
      what: 'CPU ms for one lead, of all processes',
      values: runs.map(total),
      bare: runs.map(({ bare }) => total(bare)),
      better: 'lower',
      cpu: medianCosts(runs),
      bareCpu: medianCosts(runs.map(({ bare }) => bare)),
    },
    low(
      'drip',
      'seconds from due to sent, p50',
      runs.map(({ late }) => percentile(late, 0.5)),
      1,
    ),
    low(
      'drip',
      'seconds from due to sent, p99',
      runs.map(({ late }) => percentile(late, 0.99)),
      4,
    ),
    low(
      'drip',
      `seconds from due to sent of ${few} leads behind ${crowd} due ones of another sequence, the longest`,
      runs.map(({ behind }) => Math.max(...behind)),
      5,
    ),
  ];
};

const takenSchema = z.array(z.object({ at: z.number(), sequence: z.string(), send: z.string() }));

/** What the provider took. */
async function taken(machine: Machine) {
  const answer = await fetch(`http://127.0.0.1:${machine.ports.sink}/taken`);
  return takenSchema.parse(await answer.json());
}

/** Waits until the provider took so many mails of a sequence; it is asked for all of them only when it may have. */
async function untilTaken(machine: Machine, sequence: string, count: number) {
  for (;;) {
    while ((await countAt(machine.ports.sink)) < count) await sleep(200);
    const mails = (await taken(machine)).filter(mail => mail.sequence === sequence);
    if (mails.length >= count) return mails;
    await sleep(200);
  }
}

interface Drip {
  seconds: number;
  cpu: Costs;
}

async function dripped(machine: Machine): Promise<Drip & { late: number[] }> {
  const before = await machine.cpu();
  const began = Date.now();
  await bringIn(machine, 'drip', leads);
  const mails = await untilTaken(machine, 'drip', 2 * leads);
  const ended = Math.max(...mails.map(({ at }) => at));
  const cpu = costOf(before, await machine.cpu(), leads);
  // The second is due a minute after the first was settled.
  const rows = await machine.database.$queryRaw<{ send: string; due: number }[]>(sql`
    SELECT second.id AS send, extract(epoch FROM first.at)::float8 * 1000 + ${waitMs} AS due
    FROM send first JOIN send second ON second.enrollment_id = first.enrollment_id
    WHERE first.step_key = 'm0' AND second.step_key = 'm1'`);
  return { seconds: (ended - began) / 1_000, cpu, late: lateness(mails, rows) };
}

/** As many bare workflows: an activity that does nothing, a minute, another. */
async function bareDripped(machine: Machine): Promise<Drip> {
  const before = await machine.cpu();
  const began = Date.now();
  await startSteps(machine.client, leads, 0, waitMs, 2);
  while ((await countAt(machine.ports.http)) < 2 * leads) await sleep(200);
  const seconds = (Date.now() - began) / 1_000;
  return { seconds, cpu: costOf(before, await machine.cpu(), leads) };
}

/** A crowd comes due as fast as it was imported; a few of another sequence come due in the midst of it. */
async function behindACrowd(machine: Machine): Promise<number[]> {
  await bringIn(machine, 'crowd', crowd);
  await bringIn(machine, 'few', few);
  await untilTaken(machine, 'crowd', crowd);
  const mails = await untilTaken(machine, 'few', few);
  const rows = await machine.database.$queryRaw<{ send: string; due: number }[]>(sql`
    SELECT send.id AS send, extract(epoch FROM e.created_at)::float8 * 1000 + 10000 AS due
    FROM send JOIN enrollment e ON e.id = send.enrollment_id`);
  return lateness(mails, rows);
}

/** Seconds between when mails were due and when the provider had them. */
function lateness(
  mails: readonly { at: number; send: string }[],
  rows: readonly { send: string; due: number }[],
): number[] {
  const due = new Map(rows.map(row => [row.send, row.due]));
  return mails.flatMap(({ at, send }) => {
    const moment = due.get(send);
    return moment === undefined ? [] : [(at - moment) / 1_000];
  });
}
