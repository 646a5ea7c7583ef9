import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent, request } from 'undici';
import { sql } from '../../store/database.ts';
import { anEvent, post, startHttp, type HttpProcess } from './http-process.ts';
import { hold, layWire } from './obstacles.ts';
import { headOf, Sender } from './sender.ts';

let temporal: Awaited<ReturnType<typeof layWire>>;
let http: HttpProcess;
beforeEach(async () => {
  http = await startHttp(async services => {
    const [host = '', port] = services.TEMPORAL_ADDRESS.split(':');
    temporal = await layWire({ host, port: Number(port) });
    return { TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` };
  });
});
afterEach(async () => {
  await http.end();
  temporal.remove();
});

describe('the HTTP process that is told to stop', () => {
  it('answers what it was asked, closes what is idle, lets nobody hold it, nudges, and ends with 0', async () => {
    const { lead, address, revision } = await aSeenLead();
    const page = await http.aPage();
    const events = [anEvent({ event: 'unsubscribe', email: address }), anEvent()];
    const body = JSON.stringify([anEvent()]);
    const agent = new Agent();
    const idle = new Sender(http).say('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    while (!idle.said.includes('ok')) await new Promise(resolve => setTimeout(resolve, 20));
    const fresh = await new Sender(http).opened();
    const halfHeader = await new Sender(http).say('GET / HTTP/1.1\r\nHost: ').opened();
    const halfBody = await new Sender(http).say(headOf(http, body) + body.slice(1)).opened();
    const lock = await hold(http.databaseUrl, 'LOCK TABLE event, suppression');
    const posting = post(http, events);
    const paging = request(page, { dispatcher: agent });
    await lock.untilWaiting(2);

    const stopping = http.stop();
    await Promise.all([idle.closed, fresh.closed, halfHeader.closed]);
    await expect(fetch(page)).rejects.toThrow('fetch failed');
    await lock.release();
    expect((await posting).status).toBe(204);
    const { statusCode, headers, body: shown } = await paging;
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    expect(await shown.text()).toContain('</html>');
    expect(await stopping).toBe('0');
    expect(halfBody.said).toBe('');
    expect(await storedOf(events)).toBe(2);
    // The nudge went out before it ended: somebody looks at the lead.
    const { status } = await http.client.workflow
      .getHandle(`intake/${lead}/${revision + 1}`)
      .describe();
    expect(status.name).toBe('RUNNING');
    await agent.close();
  });

  it('sends away who asks for more on a connection that is still being answered', async () => {
    const page = new URL(await http.aPage()).pathname;
    const lock = await hold(http.databaseUrl, 'LOCK TABLE suppression');
    const sender = new Sender(http).say(`GET ${page} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await lock.untilWaiting(1);
    const stopping = http.stop();
    // Until it is known to be stopping, nobody is sent away for that.
    while (await isListening()) await new Promise(resolve => setTimeout(resolve, 20));
    sender.say(`GET ${page} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await lock.release();
    await sender.closed;
    expect(sender.said).toMatch(/^HTTP\/1\.1 200 /);
    expect(sender.said.match(/HTTP\/1\.1 \d+/g)?.slice(1)).not.toContain('HTTP/1.1 200');
    expect(await stopping).toBe('0');
  });

  it('leaves nudges to the sweep when Temporal says nothing, and ends with 0 as well', async () => {
    const { address } = await aSeenLead();
    temporal.silence();
    expect((await post(http, [anEvent({ event: 'unsubscribe', email: address })])).status).toBe(
      204,
    );
    expect(await http.stop()).toBe('0');
    expect((await http.log()).map(({ msg }) => msg)).toEqual([
      'some leads were not nudged; the sweep takes them up',
    ]);
  });
});

/** A lead that has been looked at as it is, so that what comes now is news. */
async function aSeenLead() {
  const lead = await http.aLead();
  const { address, revision } = await http.database.lead.findUniqueOrThrow({ where: { id: lead } });
  await http.database.lead.update({ where: { id: lead }, data: { seenRevision: revision } });
  return { lead, address, revision };
}

const isListening = () =>
  fetch(`${http.url}/healthz`).then(
    () => true,
    () => false,
  );

async function storedOf(events: Record<string, unknown>[]): Promise<number> {
  const ids = events.map(({ sg_event_id: id }) => String(id));
  const [row] = await http.database.$queryRaw<{ stored: number }[]>(sql`
    SELECT count(*)::int AS stored FROM event WHERE provider_key = ANY(${ids})`);
  return row?.stored ?? 0;
}
