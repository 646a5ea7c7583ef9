import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import { address, bestFit, enrollmentOf, escalationsOf, settled } from '../program.ts';
import { postTo } from './api.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  postTo(app, '/v1/leads', body, headers);
const source = 'spring fair';
const leadOf = (of: string) =>
  app.database.lead.findUniqueOrThrow({
    where: { address: of },
    include: { source: true, account: true },
  });

describe('/v1/leads', () => {
  it('brings leads in, and the same post again changes nothing', async () => {
    const body = [
      {
        email: 'ADA@one.example',
        source,
        fields: { first_name: 'Ada', country: 'Germany', employees: '201-500' },
      },
      {
        email: 'grace@one.example',
        source,
        fields: { first_name: ' Grace  B. ', last_name: null },
      },
    ];
    expect(await post(body)).toEqual({
      status: 200,
      body: {
        new: 2,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        results: [
          { lead: 0, result: 'new' },
          { lead: 1, result: 'new' },
        ],
      },
    });
    const lead = await leadOf('ada@one.example');
    expect(lead).toMatchObject({
      firstName: 'Ada',
      country: 'DE',
      employees: 201,
      source: { key: source },
      account: { domain: 'one.example' },
    });
    await settled(app, lead.id as LeadId);
    const before = await leadOf('ada@one.example');
    expect(before.grade).not.toBeNull();
    expect((await post(body)).body).toMatchObject({ new: 0, updated: 0, unchanged: 2 });
    expect(await leadOf('ada@one.example')).toEqual(before);
  });

  it('never overwrites with a blank, and says what of a lead it did not understand', async () => {
    await post({ email: 'ada@two.example', source, fields: { title: 'CEO', company: 'Engines' } });
    const fields = { title: null, company: '', country: 'Atlantis', region: 'North' };
    const { body } = await post({ email: 'ada@two.example', source: 'another', fields });
    expect(body).toMatchObject({
      updated: 1,
      results: [{ lead: 0, result: 'updated', notes: ['country "Atlantis" was not understood'] }],
    });
    expect(await leadOf('ada@two.example')).toMatchObject({
      title: 'CEO',
      company: 'Engines',
      region: 'North',
      source: { key: source },
    });
  });

  it('has a new lead graded at once, and hands one that fits and asked to sales', async () => {
    const fields = {
      title: bestFit.title,
      industry: bestFit.industry,
      employees: 500,
      country: 'DE',
    };
    await post({ email: 'c@three.example', source, fields });
    const lead = await leadOf('c@three.example');
    await settled(app, lead.id as LeadId);
    expect(await enrollmentOf(app, lead.id as LeadId)).toMatchObject({ endedAt: null });
    const form = { specversion: '1.0', id: 'l1', source: 'site', type: 'form' };
    const data = { email: 'c@three.example', name: 'Book a demo' };
    await postTo(app, '/v1/events', { ...form, data });
    await settled(app, lead.id as LeadId);
    expect(await escalationsOf(app, lead.id as LeadId)).toHaveLength(1);
  });

  it.each([
    [{ opted_out: true }, 'suppressed'],
    [{ account_status: 'customer' }, 'customer'],
  ])('ends nurture at once by %j', async (said, endReason) => {
    const lead = await aNurturedLead(app);
    const { address: email } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const { body } = await post({ email, source, ...said });
    expect(body.rejected).toBe(0);
    await settled(app, lead);
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason });
    const again = await post({ email, source, ...said });
    expect(again.body).toMatchObject({ unchanged: 1 });
    if (endReason === 'suppressed')
      expect(await isSuppressed(app.database, address(email ?? ''))).toBe(true);
  });

  it('ends nurture of a colleague as well, once the company is a customer', async () => {
    const lead = await aNurturedLead(app);
    const { address: email } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const domain = email?.split('@')[1] ?? '';
    await post({ email: `somebody-else@${domain}`, source, account_status: 'customer' });
    await settled(app, lead);
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'customer' });
  });

  it('takes what it can of a list, in order, and says why of the rest', async () => {
    const { status, body } = await post([
      { email: 'good@four.example', source },
      { email: 'no address', source },
      { email: 'x@four.example', source, fields: { titel: 'CEO' } },
      { email: 'x@four.example' },
      { email: 'x@four.example', source, account_status: 'custumer' },
      7,
      { email: 'Good@four.example', source, fields: { title: 'COO' } },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ new: 2, rejected: 5 });
    expect(body.results).toEqual([
      { lead: 0, result: 'new' },
      { lead: 1, result: 'rejected', reason: 'the address has no @' },
      {
        lead: 2,
        result: 'rejected',
        reason: 'fields.titel: "titel" is not known here. Did you mean "title"?',
      },
      { lead: 3, result: 'rejected', reason: 'source: it is missing; it must be a text.' },
      {
        lead: 4,
        result: 'rejected',
        reason:
          'account_status: it is "custumer", but must be one of customer, open opportunity, competitor. Did you mean "customer"?',
      },
      { lead: 5, result: 'rejected', reason: 'it is 7, but must be an object.' },
      { lead: 6, result: 'new' },
    ]);
    expect(await leadOf('good@four.example')).toMatchObject({ title: 'COO' });
    expect(await app.database.lead.findUnique({ where: { address: 'x@four.example' } })).toBeNull();
  });

  it.each([
    [[], 'there is no lead in the list'],
    [null, 'must be an object'],
    ['"text"', 'must be an object'],
    [{ leads: [] }, '"leads" is not known here'],
    [{ email: 'nul\u0000@five.example', source }, 'control character'],
    [{ email: 'a@five.example', source: ' ' }, 'say where this lead came from'],
    [{ email: 'a@five.example', source: 'x'.repeat(201) }, 'at most 200 characters'],
    [{ email: 'a@five.example', source: 'cut \ud83d' }, 'half a character'],
    [{ email: 'a@five.example', source, fields: { title: 'x'.repeat(301) } }, '300 characters'],
    [{ email: 'a@five.example', source, fields: { employees: -1 } }, 'a whole number, or a range'],
    [{ email: 'a@five.example', source, fields: [] }, 'it is a list, but must be an object'],
    [{ email: 'a@five.example', source, opted_out: 'yes' }, 'must be true or false'],
    [
      { email: 'a@five.example', source, consent: { basis: 'x', at: 'lately' } },
      'it must be a date',
    ],
    [{ email: ['a@five.example'], source }, 'it is a list, but must be a text'],
    [{ email: 'a@five.example', source, id: 7 }, '"id" is not known here'],
  ])('refuses %j whole: 422, and says why', async (body, why) => {
    const before = await app.database.lead.count();
    const answer = await post(body === null ? 'null' : body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).replaceAll('\\"', '"')).toContain(why);
    expect(await app.database.lead.count()).toBe(before);
  });

  it.each([
    ['{"email": x}', 1, 11],
    ['[{"email": "a@b.example",\n  "source": "x",\n}]', 3, 1],
    ['', 1, 1],
    ['[1', 1, 3],
    ['{"a": 1} {', 1, 10],
    ['["a\tb"]', 1, 2],
  ])('says where %j stops being JSON: 400', async (text, line, column) => {
    expect(await post(text)).toEqual({
      status: 400,
      body: { error: `the body is no JSON: see line ${line}, column ${column}`, line, column },
    });
  });

  it('needs the key, takes JSON alone, and no more than 500 leads or a MiB', async () => {
    const lead = { email: 'a@six.example', source };
    expect((await post(lead, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(lead, { 'content-type': 'text/csv' })).status).toBe(415);
    expect((await post(lead, { 'content-type': 'application/cloudevents+json' })).status).toBe(415);
    expect((await post('{"__proto__": {}}')).status).toBe(400);
    expect((await post(Array.from({ length: 501 }, () => lead))).status).toBe(413);
    expect((await post([{ ...lead, source: 'x'.repeat(1_100_000) }])).status).toBe(413);
    expect(await app.database.lead.findUnique({ where: { address: lead.email } })).toBeNull();
  });

  it('of posts that overlap loses nothing, makes each lead once, and fails none', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, round) => {
        const people = Array.from({ length: 20 }, (__, n) => ({
          email: `p-${n}@overlap-${n % 5}.example`,
          source: `source ${round % 3}`,
          fields: { [round % 2 === 0 ? 'title' : 'region']: `says ${round}` },
        }));
        return post(round % 4 < 2 ? people : people.toReversed());
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + Number(body.new), 0)).toBe(20);
    const leads = await app.database.lead.findMany({
      where: { address: { endsWith: '.example', startsWith: 'p-' } },
    });
    expect(leads).toHaveLength(20);
    for (const { title, region } of leads) expect([title, region]).not.toContain(null);
  });

  it('answers only once it is committed', async () => {
    for (let n = 0; n < 20; n++) {
      const email = `committed-${n}@seven.example`;
      expect((await post({ email, source })).body).toMatchObject({ new: 1 });
      expect(await leadOf(email)).toMatchObject({ address: email });
    }
  });
});
