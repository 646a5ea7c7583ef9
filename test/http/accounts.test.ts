import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import { aLead, bestFit, does, enrollmentOf, escalationsOf, settled, takeIn } from '../program.ts';
import { postTo } from './api.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  postTo(app, '/v1/accounts', body, headers);
async function look(domain: string, authorization = `Bearer ${app.config.apiKey}`) {
  const url = `${app.config.http.publicUrl}/v1/accounts/${domain}`;
  const response = await fetch(url, { headers: { authorization } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
async function domainOf(lead: LeadId): Promise<string> {
  const where = { id: lead };
  const { account } = await app.database.lead.findUniqueOrThrow({
    where,
    include: { account: true },
  });
  return account?.domain ?? expect.fail();
}
const revisionOf = (lead: LeadId) =>
  app.database.lead.findUniqueOrThrow({
    where: { id: lead },
    select: { revision: true, seenRevision: true },
  });

describe('/v1/accounts', () => {
  it('tells of an account, once, and it can be looked at', async () => {
    const body = { domain: 'one.example', name: 'One Ltd', status: 'customer', owner: 'lena' };
    expect(await post(body)).toEqual({
      status: 200,
      body: {
        new: 1,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        results: [{ account: 0, result: 'new' }],
      },
    });
    expect((await post(body)).body).toMatchObject({ unchanged: 1 });
    const blank = { domain: 'one.example', name: null, status: null, owner: '' };
    expect((await post(blank)).body).toMatchObject({ unchanged: 1 });
    expect(await look('one.example')).toEqual({
      status: 200,
      body: {
        domain: 'one.example',
        name: 'One Ltd',
        status: 'customer',
        owner: { key: 'lena', name: 'Lena Vogt', active: true },
        leads: [],
        total: 0,
      },
    });
    const none = { domain: 'ONE.example', status: 'none', owner: 'none' };
    expect((await post(none)).body).toMatchObject({ updated: 1 });
    expect((await look('www.one.example')).body).toMatchObject({ status: null, owner: null });
  });

  it.each(['customer', 'open opportunity', 'competitor'])(
    'that is a %s takes its leads out of nurture at once (P10)',
    async status => {
      const lead = await aNurturedLead(app);
      const domain = await domainOf(lead);
      await post({ domain, status });
      await settled(app, lead);
      expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: status });
    },
  );

  it('that is a competitor is never escalated, and is again once it is none', async () => {
    const lead = await aNurturedLead(app);
    const domain = await domainOf(lead);
    await post({ domain, status: 'competitor' });
    await settled(app, lead);
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    expect(await escalationsOf(app, lead)).toEqual([]);
    await post({ domain, status: 'none' });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'hand raise', endedAt: null }]);
  });

  it('that is none any more has its leads begin what they could not', async () => {
    const lead = await aLead(app, bestFit);
    const domain = await domainOf(lead);
    await post({ domain, status: 'open opportunity' });
    await takeIn(app, lead);
    expect(await app.database.enrollment.count({ where: { leadId: lead } })).toBe(0);
    await post({ domain, status: 'none' });
    await settled(app, lead);
    expect(await enrollmentOf(app, lead)).toMatchObject({ endedAt: null });
  });

  it('with another owner has its leads looked at again, and nothing else happens to them', async () => {
    const lead = await aNurturedLead(app);
    const domain = await domainOf(lead);
    const before = await revisionOf(lead);
    await post({ domain, owner: 'emil@northwind.example' });
    await settled(app, lead);
    const revision = before.revision + 1;
    expect(await revisionOf(lead)).toEqual({ revision, seenRevision: revision });
    expect(await enrollmentOf(app, lead)).toMatchObject({ endedAt: null });
  });

  it('tells of its leads, the best first, with stage and rep', async () => {
    const lead = await aNurturedLead(app, { ...bestFit, title: null });
    const domain = await domainOf(lead);
    const { title, industry, employees, country } = bestFit;
    await postTo(app, '/v1/leads', {
      email: `grace@${domain}`,
      source: 'fair',
      fields: { first_name: 'Grace', last_name: 'Hopper', title, industry, employees, country },
    });
    const grace = await app.database.lead.findUniqueOrThrow({
      where: { address: `grace@${domain}` },
    });
    await settled(app, grace.id as LeadId);
    await does(app, grace.id as LeadId, { kind: 'form', subject: 'Book a demo' });
    const { body } = await look(domain);
    expect(body).toMatchObject({
      total: 2,
      leads: [
        {
          id: grace.id,
          name: 'Grace Hopper',
          title,
          stage: 'mql',
          rep: expect.stringMatching(/^(Lena|Emil)/) as string,
        },
        { id: lead, name: 'Ada Lovelace', title: null, stage: 'lead', rep: null },
      ],
    });
  });

  it('takes what it can of a list, in order, and says why of the rest', async () => {
    const { status, body } = await post([
      { domain: 'two.example', status: 'customer' },
      { domain: 'gmail.com', status: 'customer' },
      { domain: 'two.example', status: 'custumer' },
      { domain: 'two.example', onwer: 'lena' },
      { domain: 'two.example', owner: 'lenna' },
      { domain: 'two.example', owner: 'nora' },
      { domain: 'Two.example', owner: 'lena' },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ new: 2, rejected: 5 });
    expect(body.results).toEqual([
      { account: 0, result: 'new' },
      {
        account: 1,
        result: 'rejected',
        reason: 'at gmail.com anybody may have an address, so it tells no company',
      },
      {
        account: 2,
        result: 'rejected',
        reason:
          'status: it is "custumer", but must be one of customer, open opportunity, competitor, none. Did you mean "customer"?',
      },
      {
        account: 3,
        result: 'rejected',
        reason: 'onwer: "onwer" is not known here. Did you mean "owner"?',
      },
      {
        account: 4,
        result: 'rejected',
        reason: 'the owner "lenna" is nobody who is here. Did you mean "lena"?',
      },
      {
        account: 5,
        result: 'rejected',
        reason: 'the owner "nora" is of marketing; accounts are owned by sales',
      },
      { account: 6, result: 'new' },
    ]);
    expect((await look('two.example')).body).toMatchObject({
      status: 'customer',
      owner: { key: 'lena' },
    });
  });

  it.each([
    [[], 'there is no account in the list'],
    [{ status: 'customer' }, 'domain: it is missing'],
    [{ domain: '' }, 'says no domain'],
    [{ domain: 'x'.repeat(301) }, 'at most 300 characters'],
    [{ domain: 'three.example', owner: 7 }, 'it is 7, but must be a text'],
    [{ domain: 'three.example', status: 'Customer - Direct' }, 'must be one of customer'],
    [7, 'it is 7, but must be an object'],
  ])('refuses %j whole: 422, and says why', async (body, why) => {
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  it('needs the key, also to be looked at, and says what there is none of (P12)', async () => {
    expect((await post({ domain: 'a.example' }, { authorization: 'x' })).status).toBe(401);
    expect((await look('one.example', 'Bearer wrong')).status).toBe(401);
    expect((await look('one.example', '')).body).toEqual({
      error: 'send the header "Authorization: Bearer <API key>"',
    });
    expect(await look('oen.example')).toEqual({
      status: 404,
      body: { error: 'there is no account oen.example. Did you mean "one.example"?' },
    });
    expect(await look('nothing')).toEqual({
      status: 400,
      body: { error: '"nothing" is no domain; write it like example.com' },
    });
    expect((await look('%00')).status).toBe(400);
  });
});
