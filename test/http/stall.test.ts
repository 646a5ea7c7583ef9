import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, post, startHttp, type HttpProcess } from './http-process.ts';
import { hold, layWire } from './obstacles.ts';

let http: HttpProcess;
let wire: Awaited<ReturnType<typeof layWire>>;
beforeAll(async () => {
  http = await startHttp(async services => {
    const url = new URL(services.DATABASE_URL);
    wire = await layWire({ host: url.hostname, port: Number(url.port) });
    url.port = String(wire.port);
    return { DATABASE_URL: url.href };
  });
});
afterAll(async () => {
  await http.end();
  wire.remove();
});

/** Nothing can be stored, but everything can be read. */
const writesStand = 'LOCK TABLE event IN EXCLUSIVE MODE';

const storedOf = (events: Record<string, unknown>[]) =>
  http.database.event.count({
    where: { providerKey: { in: events.map(({ sg_event_id: id }) => String(id)) } },
  });

const get = async (path: string) => (await fetch(new URL(path, http.url))).status;

/** Waits for what must come to pass by itself. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 100));
}

describe('while nothing can be stored', () => {
  it('a post is not answered; once it is committed, it is', async () => {
    const events = [anEvent(), anEvent()];
    const lock = await hold(http.databaseUrl, writesStand);
    let isAnswered = false;
    const posting = post(http, events).finally(() => (isAnswered = true));
    await lock.untilWaiting(1);
    // Other requests are answered meanwhile, so that it had every chance to be.
    for (let n = 0; n < 20; n++) expect(await get('/healthz')).toBe(200);
    expect([isAnswered, await storedOf(events)]).toEqual([false, 0]);
    await lock.release();
    expect((await posting).status).toBe(204);
    expect(await storedOf(events)).toBe(2);
  });

  it('pages are shown, however many posts wait: of SendGrid’s, and of your site’s', async () => {
    const page = await http.aPage();
    const lead = await http.aLead();
    const { address } = await http.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const lock = await hold(http.databaseUrl, writesStand);
    // So many that a second statement is worthwhile.
    const tenEvents = () => Array.from({ length: 10 }, () => anEvent());
    const posts = Array.from({ length: 30 }, () => post(http, tenEvents()));
    const siteEvents = Array.from({ length: 30 }, (_, n) =>
      fetch(`${http.url}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${http.apiKey}`,
          'content-type': 'application/cloudevents+json',
        },
        body: JSON.stringify({
          specversion: '1.0',
          id: String(n),
          source: 'https://site.example',
          type: 'page',
          data: { email: address, name: '/' },
        }),
      }).then(({ status }) => status),
    );
    // Two statements of SendGrid's and four of the site's, whatever waits behind them.
    await lock.untilWaiting(6);
    for (let n = 0; n < 10; n++) expect((await fetch(page)).status).toBe(200);
    expect(await get('/readyz')).toBe(200);
    await lock.release();
    expect(new Set((await Promise.all(posts)).map(({ status }) => status))).toEqual(new Set([204]));
    expect(new Set(await Promise.all(siteEvents))).toEqual(new Set([202]));
  });
});

describe('a database that is gone', () => {
  it('makes a post fail, 503, with nothing half stored; the same post succeeds once it is back', async () => {
    const page = await http.aPage();
    const events = Array.from({ length: 50 }, () => anEvent());
    const lock = await hold(http.databaseUrl, writesStand);
    const posting = post(http, events);
    await lock.untilWaiting(1);
    wire.cut();
    expect(await posting).toMatchObject({ status: 503, retryAfter: '5' });
    await lock.release();
    expect(await post(http, events)).toMatchObject({ status: 503, retryAfter: '5' });
    expect((await fetch(page)).status).toBe(503);
    expect([await get('/healthz'), await get('/readyz')]).toEqual([200, 503]);
    // The statement that was cut off may have been committed without anybody being told: whole, or not at all.
    expect([0, 50]).toContain(await storedOf(events));
    wire.mend();
    expect((await post(http, events)).status).toBe(204);
    expect(await storedOf(events)).toBe(50);
    expect((await fetch(page)).status).toBe(200);
    expect(await get('/readyz')).toBe(200);
  });

  it('without a word is found out as well: nobody waits for ever, and it is well again by itself', async () => {
    expect((await post(http, [anEvent()])).status).toBe(204);
    wire.silence();
    const events = [anEvent()];
    const posting = post(http, events);
    const paging = fetch(await http.aPage());
    expect([await get('/readyz'), await get('/healthz')]).toEqual([503, 200]);
    expect(await posting).toMatchObject({ status: 503, retryAfter: '5' });
    expect((await paging).status).toBe(503);
    wire.mend();
    await eventually(async () => (await post(http, events)).status === 204);
    expect(await storedOf(events)).toBe(1);
  }, 90_000);
});

describe('a burst of the largest posts while nothing can be stored', () => {
  const posts = 200;
  const largest = 4 * 1024 * 1024;

  it('costs bounded memory: what does not fit is told to come again, and what is taken is there', async () => {
    const shared = Array.from({ length: 8_000 }, () => anEvent({ useragent: 'x'.repeat(250) }));
    const rest = Buffer.from(`,${shared.map(event => JSON.stringify(event)).join(',')}]\r\n`);
    const own = Array.from({ length: posts }, () => anEvent());
    expect(rest.length + 500).toBeLessThan(largest);
    expect(rest.length).toBeGreaterThan(largest * 0.85);
    const lock = await hold(http.databaseUrl, writesStand);
    const before = new Map<number, number>();
    const waiting = new Map(own.map(event => [event, postLarge(event, rest)]));
    for (const answer of waiting.values())
      void answer.then(status => before.set(status, (before.get(status) ?? 0) + 1));
    // As many as are held wait; all others are answered although nothing moves.
    await eventually(async () => (before.get(503) ?? 0) + (before.get(408) ?? 0) >= posts - 10);
    expect([before.get(204), await storedOf(own)]).toEqual([undefined, 0]);
    expect([await get('/healthz'), await get('/readyz')]).toEqual([200, 200]);
    await lock.release();
    const sentAway: Record<string, unknown>[] = [];
    for (const [event, answer] of waiting)
      if ((await answer) === 204) expect(await storedOf([event])).toBe(1);
      else sentAway.push(event);
    for (const event of sentAway.slice(0, 3)) {
      await eventually(async () => (await postLarge(event, rest)) === 204);
      expect(await storedOf([event])).toBe(1);
    }
    expect(await http.peakMemory()).toBeLessThan(700);
  }, 120_000);

  /** Posts one event of its own and the rest, without joining them in memory. */
  function postLarge(event: Record<string, unknown>, rest: Buffer): Promise<number> {
    const first = Buffer.from(`[${JSON.stringify(event)}`);
    const headers = {
      ...http.headersFor(first, rest),
      'content-length': first.length + rest.length,
    };
    return new Promise((resolve, reject) => {
      const posting = request(
        `${http.url}/webhooks/sendgrid`,
        { method: 'POST', agent: false, headers },
        answer => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      // After the answer there is nothing to go wrong any more.
      posting.on('error', reject);
      posting.write(first);
      posting.end(rest);
    });
  }
});
