import { request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../store/database.ts';
import { anEvent, post, startHttp, type HttpProcess } from './http-process.ts';

let http: HttpProcess;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.end());

interface Asked extends RequestOptions {
  body?: string;
  /** Sends the body in parts, without saying how long it is. */
  chunked?: boolean;
}

/** Asks without the kindness of `fetch`, which sends no odd method and no address that is not one. */
async function ask(method: string, path: string, { body, chunked, ...options }: Asked = {}) {
  return new Promise<{ status: number; allow: string | undefined; body: string }>(
    (resolve, reject) => {
      const headers = {
        ...(body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...(options.headers as Record<string, string> | undefined),
      };
      const asking = request(`${http.url}${path}`, { method, ...options, headers }, answer => {
        text(answer).then(
          said =>
            resolve({ status: answer.statusCode ?? 0, allow: answer.headers.allow, body: said }),
          reject,
        );
      });
      asking.on('error', reject);
      asking.end(body);
    },
  );
}

/** What is answered to bytes that need not be HTTP at all. */
async function say(bytes: string): Promise<string> {
  const socket = connect(http.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(bytes);
  return text(socket);
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

describe('an address', () => {
  it.each([
    ['/', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/l/p', 'GET, HEAD', ['POST', 'DELETE']],
    ['/healthz', 'GET, HEAD', ['POST', 'DELETE']],
    ['/readyz', 'GET, HEAD', ['POST', 'DELETE']],
    ['/assets/pico.css', 'GET, HEAD', ['POST', 'DELETE']],
    ['/u/token', 'GET, HEAD, POST', ['PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/e/token', 'GET, HEAD, POST', ['PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/webhooks/sendgrid', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/webhooks/inbound/secret', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/v1/events', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/v1/leads', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/v1/outcomes', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/v1/escalations', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/v1/escalations/1', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/v1/escalations/1/answers', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/v1/openapi.json', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'OPTIONS']],
  ])('%s is asked with %s, and says so', async (path, allow, others) => {
    for (const method of others)
      expect([method, await ask(method, path)]).toMatchObject([method, { status: 405, allow }]);
  });

  it.each([
    '/nowhere',
    '/v1',
    '/v1/events/1',
    '/v1/escalations/1/answers/1',
    '/v1/escalations/1/more',
    '/webhooks',
    '/webhooks/inbound',
    '/U/token',
    '/u/token/more',
  ])('%s does not exist, however it is asked', async path => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'])
      expect((await ask(method, path)).status).toBe(404);
    expect((await ask('POST', path, { body: '{}', headers: json })).status).toBe(404);
  });

  it('that is none is refused: 404, or 400 when it cannot be read, or 414 when it is too long, or 431 with its headers', async () => {
    expect((await ask('GET', '/u/%zz')).status).toBe(400);
    expect((await ask('GET', '/assets/none.css')).status).toBe(404);
    expect((await ask('GET', `/u/${'x'.repeat(9_000)}`)).status).toBe(414);
    expect((await ask('GET', '/', { headers: { cookie: 'x'.repeat(20_000) } })).status).toBe(431);
    expect(await say('how do you do\r\n\r\n')).toContain('HTTP/1.1 400 ');
    expect(await say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n')).toContain(
      'HTTP/1.1 400 ',
    );
  });
});

describe('a body', () => {
  const key = () => ({ authorization: `Bearer ${http.apiKey}` });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'of the kind %s is no form of a page: 415',
    async type => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      expect((await ask('POST', '/e/token', { body: '{}', headers })).status).toBe(415);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''])(
    'of the kind %s is no event, lead, outcome or answer: 415',
    async type => {
      const headers = { ...key(), ...(type === '' ? {} : { 'content-type': type }) };
      for (const path of ['/v1/events', '/v1/leads', '/v1/outcomes', '/v1/escalations/1/answers'])
        expect((await ask('POST', path, { body: '{}', headers })).status).toBe(415);
    },
  );

  it.each([false, true])('that is too large is refused: 413 (in parts: %s)', async chunked => {
    const large = (path: string, size: number, headers: Record<string, string>) =>
      ask('POST', path, { body: 'x'.repeat(size), headers, chunked });
    expect((await large('/e/token', 65_537, form)).status).toBe(413);
    expect((await large('/u/token', 16_385, form)).status).toBe(413);
    expect((await large('/v1/events', 1_048_577, { ...json, ...key() })).status).toBe(413);
    expect((await large('/webhooks/sendgrid', 4_194_305, json)).status).toBe(413);
  });

  it.each(['{', '', '[1', 'null x', '{"__proto__": {}}'])(
    'that says %j is no JSON for events: 400',
    async body => {
      const headers = { ...json, ...key() };
      expect((await ask('POST', '/v1/events', { body, headers })).status).toBe(400);
    },
  );

  it.each(['{', '', '[1', '{}', '7', 'null'])(
    'that says %j is no list of events, whoever signed it: 400',
    async body => {
      const headers = http.headersFor(body);
      expect((await ask('POST', '/webhooks/sendgrid', { body, headers })).status).toBe(400);
    },
  );

  it('of a stranger is refused for that first: 401, or 404 where a link is what lets in', async () => {
    expect((await ask('POST', '/v1/events', { body: '{', headers: form })).status).toBe(401);
    const headers = { 'content-type': 'text/plain' };
    expect((await ask('POST', '/webhooks/sendgrid', { body: '{', headers })).status).toBe(401);
    expect((await ask('POST', '/webhooks/inbound/secret', { body: '{', headers })).status).toBe(
      404,
    );
    expect((await ask('POST', '/u/token', { body: '{', headers: json })).status).toBe(404);
    expect((await ask('POST', '/e/token', { body: 'answer=accepted', headers: form })).status).toBe(
      404,
    );
  });

  it('of a stranger is not waited for where a key in the header lets in', async () => {
    const headers = { ...json, 'content-length': '1000' };
    const asking = request(`${http.url}/v1/events`, { method: 'POST', headers });
    asking.on('error', () => undefined);
    asking.flushHeaders();
    const status = await new Promise(resolve =>
      asking.once('response', answer => resolve(answer.statusCode)),
    );
    asking.destroy();
    expect(status).toBe(401);
  });
});

describe('bad signatures at speed', () => {
  const flood = 1_000;
  const addresses = 8;
  const message = 'a webhook post was refused';
  const refusalsLogged = async () =>
    (await http.log()).filter(({ msg, refusal }) => msg === message && refusal === 'bad').length;

  it('are answered 401, then 429, cost the database nothing, and let others through', async () => {
    const page = await http.aPage();
    const before = await connectionsTo();
    const headers = http.headersFor('another body');
    const statuses = new Map<number, number>();
    const queue = Array.from({ length: flood }, (_, n) => n).values();
    const lanes = Array.from({ length: 32 }, async () => {
      for (const n of queue) {
        const answer = await fetch(`${http.url}/webhooks/sendgrid`, {
          method: 'POST',
          headers: { ...headers, 'x-forwarded-for': `203.0.113.${n % addresses}` },
          body: 'x'.repeat(1_000),
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status === 429)
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        await answer.text();
      }
    });
    const answers = [];
    for (let n = 0; n < 5; n++) {
      answers.push((await post(http, [anEvent()], { 'x-forwarded-for': '198.51.100.1' })).status);
      answers.push((await fetch(page)).status);
    }
    await Promise.all(lanes);
    expect(answers).toEqual([204, 200, 204, 200, 204, 200, 204, 200, 204, 200]);
    // Sixty a minute from each address; of a second minute the flood may see a part.
    expect([...statuses.keys()].toSorted()).toEqual([401, 429]);
    expect(statuses.get(401)).toBeGreaterThanOrEqual(60 * addresses);
    // The posts and pages between them take turns on few connections; a thousand others would not.
    expect(await connectionsTo()).toBeLessThan(before + 8);
    // Twenty lines a minute, however many posts.
    expect(await refusalsLogged()).toBeLessThanOrEqual(40);
  });

  /** Connections to the database beside this test's own. */
  async function connectionsTo(): Promise<number> {
    const [row] = await http.database.$queryRaw<{ open: number }[]>(sql`
      SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database()`);
    return row?.open ?? 0;
  }

  it('are added up in the log, all of them', async () => {
    expect(await http.stop()).toBe('0');
    const said = (await http.log()).filter(({ msg }) => msg === message);
    const leftOut = said.reduce((sum, line) => sum + Number(line.leftOut ?? 0), 0);
    expect(said.filter(line => 'refusal' in line).length + leftOut).toBeGreaterThanOrEqual(flood);
  });
});
