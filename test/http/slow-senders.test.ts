import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxConnections } from '../../http/connections.ts';
import { anEvent, post, startHttp, type HttpProcess } from './http-process.ts';
import { hold } from './obstacles.ts';
import { headOf, Sender } from './sender.ts';

let http: HttpProcess;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.end());

const stored = (event: Record<string, unknown>) =>
  http.database.event.count({ where: { providerKey: String(event.sg_event_id) } });

describe('whoever does not send a whole request', () => {
  it('is sent away after a while, 408, with nothing stored, and pages are shown meanwhile', async () => {
    const page = await http.aPage();
    const event = anEvent();
    const body = JSON.stringify([event]);
    const half = body.slice(0, body.length / 2);
    const senders = {
      'says nothing': new Sender(http),
      'says half a header': new Sender(http).say('GET / HTTP/1.1\r\nHost: '),
      'says its header by and by': new Sender(http).say('GET / HTTP/1.1\r\n'),
      'says half a body': new Sender(http).say(headOf(http, body) + half),
      'says its body byte by byte': new Sender(http).say(headOf(http, body.padEnd(1_000)) + half),
      'says its body in parts of unknown number': new Sender(http).say(
        'POST /webhooks/sendgrid HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
      ),
    };
    const gone = new Sender(http).say(headOf(http, body) + half);
    await gone.opened();
    const dribbling = [
      senders['says its header by and by'].dribble('x-more: x\r\n'),
      senders['says its body byte by byte'].dribble(' '),
      senders['says its body in parts of unknown number'].dribble('1\r\n \r\n'),
    ];
    gone.socket.destroy();
    const all = Object.values(senders);
    let answers = 0;
    while (!all.every(({ isClosed }) => isClosed)) {
      expect((await fetch(page)).status).toBe(200);
      expect((await post(http, [anEvent()])).status).toBe(204);
      answers += 1;
      await Promise.race([sleep(500), Promise.all(all.map(({ closed }) => closed))]);
    }
    await Promise.all(dribbling);
    expect(answers).toBeGreaterThan(3);
    for (const [how, { said }] of Object.entries(senders))
      expect([how, said]).toEqual([how, expect.stringMatching(/^HTTP\/1\.1 408 /)]);
    expect(await stored(event)).toBe(0);
  });
});

describe('a flood of connections', () => {
  it('lets pages be shown and posts be answered, leaves files free, and is over when it is over', async () => {
    const page = await http.aPage();
    const lock = await hold(http.databaseUrl, 'LOCK TABLE event IN EXCLUSIVE MODE');
    // So large that each is worth a statement of its own.
    const large = () => Array.from({ length: 200 }, () => anEvent());
    const waiting = [large(), large()].map(events => post(http, events));
    await lock.untilWaiting(2);
    const senders: Sender[] = [];
    for (let wave = 0; wave < 20; wave++) {
      const opened = Array.from({ length: 100 }, (_, n) => {
        const sender = new Sender(http);
        if (n % 3 === 1) sender.say('POST /webhooks/sendgrid HTTP/1.1\r\nHost: ');
        if (n % 3 === 2) sender.say(headOf(http, 'x'.repeat(1_000)));
        return sender;
      });
      senders.push(...opened);
      await Promise.all(opened.map(sender => sender.opened()));
      expect((await fetch(page, { headers: { connection: 'close' } })).status).toBe(200);
    }
    expect(await http.openFiles()).toBeLessThan(1_000);
    const isOpen = senders.map(({ isClosed }) => !isClosed);
    expect(isOpen.filter(Boolean).length).toBeLessThanOrEqual(maxConnections);
    // Who came last is kept; who waited longest made room.
    expect(isOpen.slice(0, 500)).not.toContain(true);
    // Whoever has sent a whole post is not one of them.
    await lock.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([204, 204]);
    await Promise.all(senders.map(({ closed }) => closed));
    expect(await http.openFiles()).toBeLessThan(100);
    expect((await post(http, [anEvent()])).status).toBe(204);
  });

  it('of requests that all wait for their answers sends away posts only, and has room for pages', async () => {
    const page = await http.aPage();
    const lock = await hold(http.databaseUrl, 'LOCK TABLE event IN EXCLUSIVE MODE');
    const answers: number[] = [];
    const posts = Array.from({ length: 800 }, () =>
      post(http, [anEvent()]).then(({ status }) => answers.push(status)),
    );
    while (!answers.includes(503)) await sleep(50);
    expect((await fetch(page)).status).toBe(200);
    await lock.release();
    await Promise.all(posts);
    expect(new Set(answers)).toEqual(new Set([204, 503]));
  });
});
