import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../app.ts';
import { bestFit } from '../program.ts';
import * as api from './escalation-api.ts';

let app: App;
beforeAll(async () => {
  // A Tuesday, nine o'clock in Berlin.
  app = await startApp('2026-03-03T08:00:00Z');
});
afterAll(() => app.stop());

const ask = (path: string, init?: RequestInit) => api.ask(app, path, init);
const look = (id: string) => ask(`/v1/escalations/${id}`);
const say = (id: string, body: unknown) => api.say(app, id, body);
const booked = (fields = bestFit) => api.booked(app, fields);

describe('an escalation', () => {
  it('is read whole: where it stands, who has it, what is due, was said and may be said; nothing changes (P11)', async () => {
    const { lead, id, owner } = await booked();
    const row = () =>
      app.database.escalation.findUniqueOrThrow({ where: { id }, include: { lead: true } });
    const before = await row();
    const { status, body } = await look(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      state: 'assigned',
      grade: before.grade,
      cause: 'hand raise',
      lead: {
        id: lead,
        email: before.lead.address,
        first_name: 'Ada',
        last_name: 'Lovelace',
        company: 'Analytical Engines',
      },
      owner: { key: owner, name: owner === 'lena' ? 'Lena Vogt' : 'Emil Sattler' },
      since: before.createdAt.toISOString(),
      ended: null,
      due: {
        answer: before.acceptDueAt.toISOString(),
        first_contact: before.contactDueAt.toISOString(),
        feedback: null,
      },
      dispositions: [],
      attempts: [],
      amount: null,
      currency: null,
      may: ['accepted', 'contacted', 'qualified', 'rejected', 'closed', 'attempt'],
      page: expect.stringContaining(`${app.config.http.publicUrl}/e/e.`) as string,
    });
    // The link is the rep's page.
    expect((await fetch(String(body.page))).status).toBe(200);
    expect(await row()).toEqual(before);
  });

  it('tells nothing of a person who was erased', async () => {
    const { lead, id } = await booked();
    await app.database.lead.update({
      where: { id: lead },
      data: { address: null, firstName: null, lastName: null, company: null },
    });
    const nobody = { email: null, first_name: null, last_name: null, company: null };
    expect((await look(id)).body.lead).toEqual({ id: lead, ...nobody });
  });

  it.each([
    '01980000-0000-7000-8000-000000000000',
    'x',
    '%00',
    "';DROP TABLE escalation;--",
    '..%2f..%2fhealthz',
    '\u{1f600}',
    'a'.repeat(300),
  ])('%j is none: 404, also to answer for', async id => {
    const none = { error: 'there is no escalation of this id' };
    expect(await look(encodeURI(id))).toMatchObject({ status: 404, body: none });
    expect(await say(encodeURI(id), { answer: 'accepted' })).toMatchObject({
      status: 404,
      body: none,
    });
  });

  it('needs the key, before anything else is looked at (P12)', async () => {
    const { id } = await booked();
    const wrong = { authorization: 'Bearer another' };
    for (const path of ['/v1/escalations', `/v1/escalations/${id}`, '/v1/escalations?state=x'])
      expect(await ask(path, { headers: wrong })).toMatchObject({
        status: 401,
        body: { error: 'send the header "Authorization: Bearer <API key>"' },
      });
    const path = `/v1/escalations/${id}/answers`;
    expect((await ask(path, { method: 'POST', headers: wrong, body: '{' })).status).toBe(401);
  });
});

describe('the list', () => {
  it('goes on page by page, and what changes meanwhile keeps its place', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push((await booked()).id);
    const all = await ask('/v1/escalations?limit=200');
    const ids = (all.body.escalations as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids.slice(-5)).toEqual(made);
    expect(all.body.next).toBeNull();
    const seen: string[] = [];
    let next = '';
    for (;;) {
      const page = await ask(`/v1/escalations?limit=2${next === '' ? '' : `&after=${next}`}`);
      const list = page.body.escalations as { id: string }[];
      expect(list.length).toBeLessThanOrEqual(2);
      seen.push(...list.map(({ id }) => id));
      if (page.body.next === null) break;
      next = page.body.next as string;
      // One that was told, and one that comes.
      await say(seen.at(-1) ?? '', { answer: 'accepted' });
      await say(ids.at(-1) ?? '', { answer: 'contacted' });
    }
    expect(seen).toEqual(ids);
    // A cursor after the last of all is the end.
    const last = await ask('/v1/escalations?limit=1&state=open');
    expect(last.body.next).toMatch(/^[\w-]{22}$/);
    expect((await ask(`/v1/escalations?after=${'_'.repeat(22)}`)).body).toEqual({
      escalations: [],
      next: null,
    });
  });

  it('is of a state, an owner or a grade', async () => {
    const { id, owner } = await booked({ ...bestFit, country: 'NL' });
    const found = async (query: string) => {
      const { body } = await ask(`/v1/escalations?limit=200&${query}`);
      return body.escalations as { id: string; owner: { key: string } }[];
    };
    const has = async (query: string) => (await found(query)).some(one => one.id === id);
    expect(owner).toBe('daan');
    expect(await has('state=open&owner=daan')).toBe(true);
    expect((await found('owner=daan')).map(one => one.owner.key)).toEqual(['daan']);
    expect(await has('owner=sophie')).toBe(false);
    expect(await has('state=assigned')).toBe(true);
    const { grade } = (await look(id)).body as { grade: string };
    expect(await has(`grade=${grade}`)).toBe(true);
    expect(await has(`grade=${grade === 'A' ? 'B' : 'A'}`)).toBe(false);
    await say(id, { answer: 'accepted' });
    expect(await has('state=assigned')).toBe(false);
    expect(await has('state=accepted')).toBe(true);
    await say(id, { answer: 'rejected', reason: 'bad data' });
    // As soon as it is said, although its workflow ends it a moment later.
    expect(await has('state=open')).toBe(false);
    expect(await has('state=rejected')).toBe(true);
    expect(await has('state=merged')).toBe(false);
  });

  it.each([
    [
      'state=opne',
      'state: it is "opne", but must be one of open, queued, assigned, accepted, contacted, qualified, rejected, won, lost, closed, merged. Did you mean "open"?',
    ],
    ['grade=E', 'grade: it is "E", but must be one of A, B, C, D.'],
    ['ower=lena', 'ower: "ower" is not known here. Did you mean "owner"?'],
    ['owner=lenna', 'owner: There is nobody called "lenna". Did you mean "lena"?'],
    ['limit=201', 'limit: it must be a whole number from 1 to 200.'],
    ['limit=0', 'limit: it must be a whole number from 1 to 200.'],
    ['limit=1.5', 'limit: it is "1.5", but must be a whole number.'],
    ['limit=many', 'limit: it is "many", but must be a number.'],
    ['limit=1&limit=2', 'limit: it is a list, but must be a number.'],
    ['after=', 'after: it is none that `next` of an answer was; begin again without it.'],
    ['after=%00', 'after: it is none that `next` of an answer was; begin again without it.'],
    [
      "after=01980000-0000-7000-8000-000000000000'--",
      'after: it is none that `next` of an answer was; begin again without it.',
    ],
    ['after=a&after=b', 'after: it is a list, but must be a text.'],
  ])('refuses %s: 422, and says why', async (query, error) => {
    expect(await ask(`/v1/escalations?${query}`)).toMatchObject({ status: 422, body: { error } });
  });
});
