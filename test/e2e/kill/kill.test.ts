import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { second } from '../../../domain/instant.ts';
import { signedHeaders } from '../../../sandbox/sendgrid/signature.ts';
import { sql } from '../../../store/database.ts';
import { runChaos } from './chaos.ts';
import { startFleet } from './fleet.ts';
import { prepare } from './load.ts';
import { killsOf, killsOfASeed, seeds, type Kill } from './plan.ts';
import { runKills } from './run.ts';

/** One of each kind; `npm run kill` does all two hundred. */
const kills: readonly Kill[] = [
  { victim: 'worker', at: { actor: 'worker', edge: { effect: 'claim a send', phase: 'after' } } },
  {
    victim: 'worker',
    at: { actor: 'worker', edge: { effect: 'call the provider', phase: 'during' } },
  },
  {
    victim: 'worker',
    at: { actor: 'worker', edge: { effect: 'call the provider', phase: 'after' } },
  },
  {
    victim: 'worker',
    at: { actor: 'worker', edge: { effect: 'commit a transaction', phase: 'after' } },
  },
  { victim: 'http', at: { actor: 'http', edge: { effect: 'store events', phase: 'during' } } },
  {
    victim: 'importer',
    at: { actor: 'importer', edge: { effect: 'commit a transaction', phase: 'after' } },
  },
  {
    victim: 'postgres',
    at: { actor: 'worker', edge: { effect: 'settle a send', phase: 'during' } },
  },
  {
    victim: 'temporal',
    at: { actor: 'worker', edge: { effect: 'start a nurture', phase: 'before' } },
  },
];

// Each has an installation of its own, and waits for most of the time.
describe.concurrent('killed anywhere', () => {
  it('it mails nothing twice and loses nothing (P1, P3, P7)', { timeout: 600_000 }, async () => {
    const said: string[] = [];
    const outcome = await runKills(kills, 1, line => said.push(line));
    expect(outcome.wrong, said.join('\n')).toEqual([]);
    expect(outcome.kills).toBe(kills.length);
    expect(outcome.inFlight).toBeGreaterThanOrEqual(kills.length);
    expect(outcome.unknown).toBeLessThanOrEqual(outcome.inFlight);
    expect(outcome.mails).toBeGreaterThan(50);
    expect(outcome.escalations).toBeGreaterThan(0);
  });

  it('in chaos as well (P1, P2, P3, P6, P7, P10)', { timeout: 600_000 }, async () => {
    const seed = 5;
    const said: string[] = [];
    const outcome = await runChaos(seed, 12 * second, line => said.push(line));
    expect(outcome.wrong, [`npm run chaos -- --seed ${seed}`, ...said].join('\n')).toEqual([]);
    expect(outcome.kills).toBeGreaterThan(0);
    expect(outcome.terminated + outcome.reset).toBeGreaterThan(0);
    expect(outcome.mails).toBeGreaterThan(50);
    expect(outcome.escalations).toBeGreaterThan(0);
  });

  it('every event that was answered for is there (P7)', { timeout: 120_000 }, async () => {
    const fleet = await startFleet();
    try {
      await prepare(fleet);
      const posts = Array.from({ length: 100 }, () => Array.from({ length: 20 }, anEvent));
      const answers = posts.map(events => post(fleet.pages, fleet.webhookPrivateKey, events));
      expect((await Promise.all(answers)).filter(status => status !== 204)).toEqual([]);
      await Promise.all([fleet.killNow('http'), fleet.killNow('postgres')]);
      const [row] = await fleet.database.$queryRaw<{ stored: number }[]>(sql`
        SELECT count(*)::int AS stored FROM event
        WHERE provider_key = ANY(${posts.flat().map(event => event.sg_event_id)}::text[])`);
      expect(row?.stored).toBe(2_000);
    } finally {
      await fleet.stop(false);
    }
  });
});

describe('the plan of all kills', () => {
  it('is the same every time, and comes to every edge with every victim', () => {
    const all = Array.from({ length: seeds }, (_, n) => killsOf(n + 1)).flat();
    expect(all).toHaveLength(seeds * killsOfASeed);
    expect(killsOf(3)).toEqual(killsOf(3));
    const atEdges = new Set(all.filter(({ at }) => at !== null).map(kill => JSON.stringify(kill)));
    expect(atEdges.size).toBe(13 * 3 * 3);
    const victims = all.filter(({ at }) => at === null).map(({ victim }) => victim);
    expect(new Set(victims)).toEqual(
      new Set(['worker', 'http', 'importer', 'postgres', 'temporal']),
    );
  });
});

function anEvent(): { sg_event_id: string } & Record<string, unknown> {
  const id = randomUUID();
  return {
    email: `${id}@site.example`,
    timestamp: Math.floor(Date.now() / 1000),
    event: 'open',
    sg_event_id: id,
  };
}

async function post(pages: string, privateKey: string, events: object[]): Promise<number> {
  const body = JSON.stringify(events);
  const headers = signedHeaders(privateKey, Date.now(), body);
  const response = await fetch(`${pages}/webhooks/sendgrid`, { method: 'POST', body, headers });
  await response.arrayBuffer();
  return response.status;
}
