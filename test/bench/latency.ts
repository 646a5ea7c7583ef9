import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../../store/database.ts';
import { startSignalled, tell } from './bare.ts';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { whileRunning } from './processes.ts';
import { percentile, type Figure } from './report.ts';
import type { Options, Scenario } from './run.ts';

/** Leads, one after the other, in a run. */
const samples = 60;
/** Between two of them, on both sides: what the one before leaves to do is no part of the next, in milliseconds. */
const restMs = 200;

/** How long until what a lead did is acted on, against a signal, an activity that does nothing, and the end. */
export const turn: Scenario = (machine, options) =>
  compare(machine, options, 'turn', 'page view to turn taken', lookedAt);

/** How long from a demo form to the mail to the rep, against the same. */
export const escalate: Scenario = (machine, options) =>
  compare(machine, options, 'escalate', 'demo form to mail to the rep', escalated, 3);

async function compare(
  machine: Machine,
  { pairs, say }: Options,
  scenario: string,
  what: string,
  measure: (machine: Machine, addresses: readonly string[]) => Promise<number[]>,
  line?: number,
): Promise<Figure[]> {
  await prepare(machine, [scenario]);
  await publish(machine.database, scenario, mailsEvery('30 days', '1 day', 2));
  const ours: number[][] = [];
  const theirs: number[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const sides = [
      async () => ours.push(await lockstep(machine, scenario, measure)),
      async () => theirs.push(await bare(machine)),
    ];
    for (const side of pair % 2 === 0 ? sides : sides.toReversed()) await side();
    const [mine, its] = [ours.at(-1) ?? [], theirs.at(-1) ?? []];
    say(
      `pair ${pair + 1} of ${pairs}: p95 ${percentile(mine, 0.95).toFixed(0)} ms, bare ${percentile(its, 0.95).toFixed(0)} ms`,
    );
  }
  return [0.5, 0.95].map(share => ({
    scenario,
    what: `ms from ${what}, p${share * 100}`,
    values: ours.map(values => percentile(values, share)),
    bare: theirs.map(values => percentile(values, share)),
    better: 'lower',
    ...(line === undefined || share < 0.95 ? {} : { line }),
  }));
}

async function lockstep(
  machine: Machine,
  sequence: string,
  measure: (machine: Machine, addresses: readonly string[]) => Promise<number[]>,
): Promise<number[]> {
  return whileRunning(machine, ['worker', 'http', 'sink'], async () => {
    await bringIn(machine, sequence, samples);
    const rows = await machine.database.$queryRaw<{ address: string }[]>(sql`
      SELECT address FROM lead JOIN open_slot ON open_slot.lead_id = lead.id
      WHERE open_slot.enrollment_id IS NOT NULL ORDER BY lead.id DESC LIMIT ${samples}`);
    // The first of all finds everything cold, and is nobody's measure.
    await fetch(`http://127.0.0.1:${machine.ports.http}/healthz`);
    return measure(
      machine,
      rows.map(({ address }) => address),
    );
  });
}

function bare(machine: Machine): Promise<number[]> {
  return whileRunning(machine, ['bare worker'], async () => {
    const handles = await startSignalled(machine.client, samples);
    const took: number[] = [];
    for (const handle of handles) {
      const began = performance.now();
      await tell(handle);
      took.push(performance.now() - began);
      await sleep(restMs);
    }
    return took;
  });
}

async function lookedAt(machine: Machine, addresses: readonly string[]): Promise<number[]> {
  const took: number[] = [];
  for (const address of addresses) {
    const began = performance.now();
    await post(machine, address, 'page', '/');
    for (;;) {
      const [row] = await machine.database.$queryRaw<{ seen: boolean }[]>(sql`
        SELECT revision = seen_revision AS seen FROM lead WHERE address = ${address}`);
      if (row?.seen === true) break;
      await sleep(2);
    }
    took.push(performance.now() - began);
    await sleep(restMs);
  }
  return took;
}

async function escalated(machine: Machine, addresses: readonly string[]): Promise<number[]> {
  const took: number[] = [];
  for (const address of addresses) {
    const mailed = fetch(`http://127.0.0.1:${machine.ports.sink}/next`);
    const began = performance.now();
    await post(machine, address, 'form', 'demo request');
    await (await mailed).arrayBuffer();
    took.push(performance.now() - began);
    await sleep(restMs);
  }
  return took;
}

async function post(machine: Machine, email: string, type: string, name: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${machine.ports.http}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${machine.env.LOCKSTEP_API_KEY}`,
    },
    body: JSON.stringify({
      specversion: '1.0',
      id: randomUUID(),
      source: 'bench',
      type,
      data: { email, name },
    }),
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`The event was answered with ${response.status}.`);
}
