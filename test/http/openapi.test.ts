import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpContext } from '../../http/context.ts';
import { createServer } from '../../http/server.ts';
import { pino } from 'pino';
import { startApp, type App } from '../app.ts';
import { postTo } from './api.ts';

interface Operation {
  requestBody?: { content: Record<string, { examples: Record<string, { value: unknown }> }> };
  responses: Record<string, { content: Record<string, { example?: Record<string, unknown> }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object; required?: string[] }> };
}

let app: App;
let document: Document;
beforeAll(async () => {
  app = await startApp('now');
  const response = await fetch(`${app.config.http.publicUrl}/v1/openapi.json`);
  expect(response.headers.get('content-type')).toContain('application/json');
  document = (await response.json()) as Document;
});
afterAll(() => app.stop());

/** Every path under /v1 that the server knows, with the ways in which it is asked. */
async function routes(): Promise<Map<string, string[]>> {
  const { config, database, engine, clock } = app;
  const log = pino({ level: 'silent' });
  const server = await createServer(
    await httpContext({ config, database, engine, clock, templates: 'templates', log }),
  );
  const found = new Map<string, string[]>();
  await server.ready();
  const lines = server.printRoutes({ commonPrefix: false }).split('\n');
  const above: string[] = [];
  for (const line of lines) {
    const [, path = ''] = /─ (\S+) \(/.exec(line) ?? [];
    // A path that goes on from the one above it is printed below that, four letters further in.
    const depth = line.indexOf('─') / 4;
    const url = `${above.slice(0, depth).join('')}${path}`.replace(/^\/\/?/, '/');
    above.splice(depth, Infinity, path);
    if (!url.startsWith('/v1/')) continue;
    const methods: string[] = [];
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      const headers = {
        authorization: `Bearer ${config.apiKey}`,
        'content-type': 'application/json',
      };
      const asked = await server.inject({ method: method as 'get', url, headers, payload: '{' });
      if (asked.statusCode !== 405) methods.push(method);
    }
    found.set(url, methods);
  }
  await server.close();
  return found;
}

describe('/v1/openapi.json', () => {
  it('describes every way into /v1 that there is, and no other', async () => {
    const described = new Map(
      Object.entries(document.paths).map(([path, ways]) => [
        path.replace(/\{(\w+)\}/, ':name'),
        Object.keys(ways),
      ]),
    );
    expect(document.openapi).toBe('3.1.0');
    expect([...described.keys()].toSorted()).toEqual([
      '/v1/accounts',
      '/v1/accounts/:name',
      '/v1/escalations',
      '/v1/escalations/:name',
      '/v1/escalations/:name/answers',
      '/v1/events',
      '/v1/leads',
      '/v1/openapi.json',
      '/v1/outcomes',
      '/v1/sequences/:name/results',
    ]);
    expect(new Map([...(await routes())].toSorted())).toEqual(new Map([...described].toSorted()));
  });

  it('gives examples that the server accepts, of every kind of content', async () => {
    // Outcomes are of leads that are there.
    const order = ['/v1/leads', '/v1/events', '/v1/outcomes', '/v1/accounts'];
    let posted = 0;
    for (const path of order)
      for (const [type, { examples }] of Object.entries(
        document.paths[path]?.post?.requestBody?.content ?? {},
      ))
        for (const [name, { value }] of Object.entries(examples)) {
          const answer = await postTo(app, path, value, { 'content-type': type });
          expect([path, name, answer.status]).toEqual([
            path,
            name,
            path === '/v1/events' ? 202 : 200,
          ]);
          expect(answer.body).not.toMatchObject({
            rejected: expect.toSatisfy((n: number) => n > 0) as number,
          });
          posted += 1;
        }
    expect(posted).toBeGreaterThanOrEqual(8);
  });

  it('shows answers that the server gives', async () => {
    for (const path of ['/v1/leads', '/v1/events', '/v1/outcomes', '/v1/accounts']) {
      const { responses = {} } = document.paths[path]?.post ?? {};
      expect(Object.keys(responses)).toEqual(
        expect.arrayContaining(['400', '401', '413', '415', '422', '429', '503']),
      );
      const example = (status: number) =>
        responses[status]?.content['application/json']?.example ?? {};
      const stranger = await postTo(app, path, {}, { authorization: '' });
      expect([stranger.status, stranger.body]).toEqual([401, example(401)]);
      const other = await postTo(app, path, {}, { 'content-type': 'text/plain' });
      expect([other.status, other.body]).toEqual([415, example(415)]);
      const large = await postTo(app, path, 'x'.repeat(1_100_000));
      expect([large.status, large.body]).toEqual([413, example(413)]);
      const broken = await postTo(app, path, '[1, 2');
      expect([broken.status, Object.keys(broken.body)]).toEqual([400, ['error', 'line', 'column']]);
      const refused = await postTo(app, path, {});
      expect([refused.status, Object.keys(refused.body).toSorted()]).toEqual([
        422,
        Object.keys(example(422)).toSorted(),
      ]);
    }
  });

  it('names what is needed, and what is known, of each thing', () => {
    const { Account, Lead, Event, Outcome } = document.components.schemas;
    expect(Account?.required).toEqual(['domain']);
    expect(Lead?.required).toEqual(['email', 'source']);
    expect(Object.keys(Event?.properties ?? {})).toEqual(
      expect.arrayContaining(['id', 'source', 'type', 'time', 'data']),
    );
    expect(Outcome?.required).toEqual(['email', 'outcome', 'at']);
  });
});
