import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sql } from '../../store/database.ts';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { whileRunning } from './processes.ts';
import { low, type Figure } from './report.ts';
import { alternate, compared, costOf, type Run, type Scenario } from './run.ts';

const leads = 2_000;
const connections = 32;

interface Load {
  posts: number;
  /** Events in a post. */
  size: number;
  /** The share of events that nudge. */
  clicks: number;
}
const loads = {
  'events at 50 a post': { posts: 2_000, size: 50, clicks: 0 },
  'events at one a post': { posts: 12_000, size: 1, clicks: 0 },
} as const satisfies Record<string, Load>;
const nudging = { posts: 400, size: 50, clicks: 0.05 } as const satisfies Load;

/** Signed events a second of leads that have got a mail, committed before the answer, against verify and insert. */
export const ingest: Scenario = async (machine, options) => {
  await prepare(machine, ['ingest']);
  await publish(machine.database, 'ingest', mailsEvery('1s', '30 days', 2));
  const sends = await mailed(machine);
  const figures: Figure[] = [];
  for (const [what, load] of Object.entries(loads)) {
    const runs = await alternate(
      options,
      () => served(machine, 'http', '/webhooks/sendgrid', sends, load),
      () => served(machine, 'bare webhook', '/', sends, load),
    );
    figures.push(...compared('ingest', what, runs, { rate: 0.7 }));
    const line = load.size === 1 ? 3_000 : 20_000;
    const values = runs.ours.map(({ rate }) => rate);
    figures.push({ scenario: 'ingest', what: `${what} a second`, values, better: 'higher', line });
  }
  figures.push(await drain(machine, sends));
  return figures;
};

type Sends = { id: string; address: string }[];

/** Brings leads in, and waits until each has got its first mail. */
function mailed(machine: Machine): Promise<Sends> {
  return whileRunning(machine, ['worker', 'sink'], async () => {
    await bringIn(machine, 'ingest', leads);
    for (;;) {
      const sends = await machine.database.$queryRaw<Sends>(sql`
        SELECT send.id, lead.address FROM send JOIN lead ON lead.id = send.lead_id
        WHERE send.state = 'accepted'`);
      if (sends.length >= leads) return sends;
      await sleep(500);
    }
  });
}

function served(
  machine: Machine,
  name: 'http' | 'bare webhook',
  path: string,
  sends: Sends,
  load: Load,
): Promise<Run> {
  return whileRunning(machine, [name], async () => {
    // The first posts find everything cold: they are not counted.
    await post(machine, path, sends, { ...load, posts: load.posts / 10 });
    const had = await stored(machine, name);
    const before = await machine.cpu();
    const { events, seconds } = await post(machine, path, sends, load);
    const cpu = costOf(before, await machine.cpu(), events);
    const came = (await stored(machine, name)) - had;
    if (came !== events) throw new Error(`Of ${events} events ${came} were stored.`);
    return { rate: events / seconds, cpu };
  });
}

/** How many events are in the database. */
async function stored({ database }: Machine, name: 'http' | 'bare webhook'): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>(
    name === 'http'
      ? sql`SELECT count(*)::int FROM event`
      : sql`SELECT count(*)::int FROM bare_event`,
  );
  return row?.count ?? 0;
}

/** How long nudges still go out after the last event that asks for one was answered. */
function drain(machine: Machine, sends: Sends): Promise<Figure> {
  return whileRunning(machine, ['http', 'worker'], async () => {
    await post(machine, '/webhooks/sendgrid', sends, nudging);
    const began = Date.now();
    for (;;) {
      const [row] = await machine.database.$queryRaw<{ behind: number }[]>(sql`
        SELECT count(*)::int AS behind FROM lead WHERE revision > seen_revision`);
      if (row?.behind === 0) break;
      await sleep(100);
    }
    const clicks = nudging.posts * nudging.size * nudging.clicks;
    const what = `seconds until ${clicks} clicks of as many leads in 20,000 events are acted on, after the last answer`;
    return low('ingest', what, [(Date.now() - began) / 1_000]);
  });
}

const outcomeSchema = z.object({
  seconds: z.number(),
  events: z.number(),
  statuses: z.record(z.string(), z.number()),
});

/**
 * When the latest of the next events happens, in seconds since 1970: before all those that were posted already,
 * because of two with the same content one is stored.
 */
let latest = Math.floor(Date.now() / 1_000);

async function post(machine: Machine, path: string, sends: Sends, load: Load) {
  const poster = spawn(process.execPath, ['--import', 'tsx', 'test/bench/poster.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = `http://127.0.0.1:${machine.ports.http}${path}`;
  const { webhookPrivateKey: privateKey } = machine;
  poster.stdin.end(JSON.stringify({ url, ...load, latest, connections, privateKey, sends }));
  latest -= Math.ceil((load.posts * load.size) / sends.length) + 1;
  const [output] = await Promise.all([text(poster.stdout), once(poster, 'exit')]);
  const outcome = outcomeSchema.parse(JSON.parse(output));
  if (Object.keys(outcome.statuses).some(status => status !== '204'))
    throw new Error(`Not every post was taken: ${JSON.stringify(outcome.statuses)}`);
  return outcome;
}
