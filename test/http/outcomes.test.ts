import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../app.ts';
import { aLead } from '../program.ts';
import { postTo } from './api.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  postTo(app, '/v1/outcomes', body, headers);
async function anAddress(): Promise<string> {
  const row = await app.database.lead.findUniqueOrThrow({ where: { id: await aLead(app) } });
  return row.address ?? '';
}
const outcomes = (email: string) =>
  app.database.outcome.findMany({ where: { lead: { address: email } }, orderBy: { at: 'asc' } });

describe('/v1/outcomes', () => {
  it('takes what became of a lead, once; what is posted later of the same id corrects it', async () => {
    const email = await anAddress();
    const won = {
      id: 7,
      email,
      outcome: 'Closed Won',
      at: '2026-03-02T08:00:00+01:00',
      amount: 12.125,
      currency: 'EUR',
    };
    expect(await post(won)).toEqual({
      status: 200,
      body: {
        new: 1,
        updated: 0,
        unchanged: 0,
        undecided: 0,
        rejected: 0,
        results: [{ outcome: 0, result: 'new' }],
      },
    });
    expect(await outcomes(email)).toMatchObject([
      {
        source: 'crm',
        externalId: '7',
        kind: 'won',
        amountMinor: 1_213n,
        currency: 'EUR',
        at: new Date('2026-03-02T07:00:00Z'),
      },
    ]);
    expect((await post(won)).body).toMatchObject({ unchanged: 1 });
    expect(
      (await post({ ...won, id: '7', amount: '1.200,50 €', currency: null })).body,
    ).toMatchObject({ updated: 1 });
    expect(await outcomes(email)).toMatchObject([{ amountMinor: 120_050n }]);
    // Of another system it is another.
    expect((await post({ ...won, source: 'other' })).body).toMatchObject({ new: 1 });
  });

  it('takes what it can of a list, in order, and says why of the rest', async () => {
    const email = await anAddress();
    const at = '2026-01-05';
    const { status, body } = await post([
      { email, outcome: 'accepted', at },
      { email: 'nobody@nowhere.example', outcome: 'won', at },
      { email, outcome: 'Negotiation', at: '2099-01-01' },
      { email, outcome: 'wonn', at },
      { email, outcome: 'won', at: '2099-01-01' },
      { email, outcome: 'won', at, amount: 5 },
      { email, outcome: 'won', at, amont: 5 },
      { email, outcome: 'lost', at, reason: 'price' },
    ]);
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { outcome: 0, result: 'new' },
      { outcome: 1, result: 'rejected', reason: 'no lead has this address; post the lead first' },
      { outcome: 2, result: 'undecided' },
      { outcome: 3, result: 'rejected', reason: '"wonn" is no outcome. Did you mean "won"?' },
      { outcome: 4, result: 'rejected', reason: 'the date "2099-01-01" lies in the future' },
      {
        outcome: 5,
        result: 'rejected',
        reason: 'the amount "5" is in no currency; say which, such as EUR',
      },
      {
        outcome: 6,
        result: 'rejected',
        reason: 'amont: "amont" is not known here. Did you mean "amount"?',
      },
      { outcome: 7, result: 'new' },
    ]);
    expect(await outcomes(email)).toHaveLength(2);
  });

  it.each([
    [{ outcome: 'won', at: '2026-01-05' }, 'email: it is missing'],
    [{ email: 'a@b.example', outcome: 'won', at: 'yesterday' }, 'it must be a date'],
    [{ email: 'a@b.example', outcome: 'won', at: '2026-02-31' }, 'it must be a date'],
    [
      { email: 'a@b.example', outcome: ['won'], at: '2026-01-05' },
      'it is a list, but must be a text',
    ],
    [{ email: 'a@b.example', outcome: 'won', at: '2026-01-05', amount: {} }, 'it must be a number'],
    [{ email: 'a@b.example', outcome: 'won', at: '2026-01-05', id: 'nul \u0000' }, 'NUL'],
    [{ email: 'a@b.example', outcome: 'won', at: '2026-01-05', source: '' }, 'say which system'],
    [[], 'there is no outcome in the list'],
  ])('refuses %j whole: 422, and says why', async (body, why) => {
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  it('refuses what is too much, no JSON, and whoever has no key', async () => {
    const one = { email: 'a@b.example', outcome: 'won', at: '2026-01-05' };
    expect((await post(Array.from({ length: 501 }, () => one))).status).toBe(413);
    expect((await post('{')).status).toBe(400);
    expect((await post(one, { authorization: 'Basic x' })).status).toBe(401);
    expect((await post(one, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('of posts of one deal that overlap keeps one outcome, and fails none', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, anAddress));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, round) => {
        const list = people.map((email, n) => ({
          id: `overlap-${n}`,
          email,
          outcome: round % 2 === 0 ? 'won' : 'lost',
          at: '2026-01-05',
        }));
        return post(round % 4 < 2 ? list : list.toReversed());
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + Number(body.new), 0)).toBe(10);
    expect(
      await app.database.outcome.count({ where: { externalId: { startsWith: 'overlap' } } }),
    ).toBe(10);
  });
});
