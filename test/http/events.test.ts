import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../app.ts';
import { aLead, bestFit, escalationsOf, settled, takeIn } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.config.http.publicUrl}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json',
      authorization: `Bearer ${app.config.apiKey}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** How many of the kinds that only a site tells of are stored: mails' own events go on arriving. */
const stored = () =>
  app.database.event.count({ where: { kind: { in: ['page', 'form', 'download'] } } });

let made = 0;
const event = (type: string, email: string, more: Record<string, unknown> = {}) => {
  made += 1;
  const { data, ...rest } = more as { data?: object };
  return {
    specversion: '1.0',
    id: String(made),
    source: 'https://northwind.example',
    type,
    ...rest,
    data: { email, ...data },
  };
};

describe('/v1/events', () => {
  it('takes what a lead does on your site, once, and lets it escalate', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const demo = event('form', address?.toUpperCase() ?? '', { data: { name: 'Book a demo' } });
    expect(await post(demo)).toEqual({
      status: 202,
      body: { stored: 1, repeated: 0, unknown: [] },
    });
    expect((await post(demo)).body).toEqual({ stored: 0, repeated: 1, unknown: [] });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('makes a lead of whoever fills in a form, and nothing of a mere visit', async () => {
    const fields = {
      first_name: 'Grace',
      title: 'COO',
      industry: 'manufacturing',
      employees: 900,
      country: 'DE',
    };
    const batch = [
      event('form', 'grace@new.example', { data: { name: 'Contact form', fields } }),
      event('page', 'visitor@new.example', { data: { name: '/pricing' } }),
    ];
    expect(
      (await post(batch, { 'content-type': 'application/cloudevents-batch+json' })).body,
    ).toEqual({ stored: 1, repeated: 0, unknown: [String(made)] });
    const row = await app.database.lead.findUniqueOrThrow({
      where: { address: 'grace@new.example' },
    });
    await settled(app, row.id as never);
    expect(await escalationsOf(app, row.id as never)).toMatchObject([{ cause: 'hand raise' }]);
    expect(
      await app.database.lead.findUnique({ where: { address: 'visitor@new.example' } }),
    ).toBeNull();
  });

  it('needs the key', async () => {
    expect(
      (await post(event('page', 'a@b.example'), { authorization: 'Bearer wrong' })).status,
    ).toBe(401);
    expect((await post(event('page', 'a@b.example'), { authorization: '' })).status).toBe(401);
  });

  it.each([
    [{ type: 'form' }, 'specversion'],
    [event('fomr', 'a@b.example'), 'Did you mean "form"?'],
    [event('click', 'a@b.example'), 'type'],
    [event('form', 'not an address'), 'no @'],
    [event('form', 'a\u0000@b.example'), 'control character'],
    [event('form', 'a@b.example', { time: 'yesterday' }), 'time'],
    [event('form', 'a@b.example', { data: { colour: 'red' } }), 'colour'],
    [
      event('form', 'a@b.example', { data: { fields: { country: 'Germany' } } }),
      'a country is written like',
    ],
    ['[1, null]', 'event'],
    [event('form', 'a@b.example', { data: { name: 'cut \ud83d off' } }), 'half a character'],
    [event('form', 'a@b.example', { source: 'nul \u0000' }), 'NUL'],
  ])('refuses %j whole, and says why', async (body, why) => {
    const before = await stored();
    const result = await post(body);
    expect(result.status).toBe(422);
    expect(JSON.stringify(result.body).replaceAll('\\"', '"')).toContain(why);
    expect(await stored()).toBe(before);
  });

  it('refuses a body that is no JSON, too many events, and too large a body', async () => {
    expect((await post('{')).status).toBe(400);
    const many = Array.from({ length: 1_001 }, () => event('page', 'a@b.example'));
    expect((await post(many)).status).toBe(413);
    expect((await post('x'.repeat(2 * 1024 * 1024))).status).toBe(413);
  });

  it('of posts that overlap lets none fail, whoever they introduce', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, round) => {
        const companies = [...Array.from({ length: 6 }, (__, n) => n)];
        const people = (round % 2 === 0 ? companies : companies.toReversed()).map(company =>
          event('form', `p-${Math.floor(round / 4)}-${company}@overlap-${company}.example`, {
            data: { name: 'Contact form' },
          }),
        );
        return post(people);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(answers.reduce((sum, { body }) => sum + Number(body.stored), 0)).toBe(240);
  });

  it('stores nothing of a batch of which one event is wrong', async () => {
    const before = await stored();
    const lead = await aLead(app, {});
    const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect(
      (await post([event('page', address ?? ''), event('nonsense', address ?? '')])).status,
    ).toBe(422);
    expect(await stored()).toBe(before);
  });
});
