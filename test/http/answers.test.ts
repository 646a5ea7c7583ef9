import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../app.ts';
import { settled } from '../program.ts';
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
const booked = () => api.booked(app);

describe('an answer', () => {
  it('is each that the rep’s page knows, from accepted to won', async () => {
    const { lead, id, owner } = await booked();
    const said = async (body: object) => {
      const answer = await say(id, body);
      expect(answer).toMatchObject({ status: 200, body: { recorded: true, id } });
      return answer.body;
    };
    expect(await said({ answer: 'accepted' })).toMatchObject({
      state: 'accepted',
      dispositions: [
        { kind: 'accepted', by: { key: owner }, way: 'api', reason: null, note: null },
      ],
      may: ['contacted', 'qualified', 'rejected', 'lost', 'closed', 'attempt'],
    });
    expect(await said({ answer: 'attempt', attempt: 'call', note: 'voicemail' })).toMatchObject({
      state: 'accepted',
      attempts: [{ kind: 'call', note: 'voicemail', by: { key: owner }, way: 'api' }],
    });
    expect(await said({ answer: 'contacted', note: null })).toMatchObject({
      state: 'contacted',
      due: { feedback: expect.stringMatching(/^2026-03-10T/) as string },
    });
    await said({ answer: 'feedback', note: 'a budget in April' });
    await said({ answer: 'qualified', by: 'theo' });
    const won = await said({ answer: 'won', amount: '12,500 EUR', by: owner });
    expect(won).toMatchObject({ state: 'won', amount: 1_250_000, currency: 'EUR', may: [] });
    expect(
      (won.dispositions as { kind: string; by: { key: string } }[]).map(d => [d.kind, d.by.key]),
    ).toEqual([
      ['accepted', owner],
      ['contacted', owner],
      ['feedback', owner],
      ['qualified', 'theo'],
      ['won', owner],
    ]);
    // It was nudged: its workflow did what follows.
    await settled(app, lead);
    expect((await look(id)).body).toMatchObject({
      state: 'won',
      ended: expect.any(String) as string,
    });
  });

  it('that rejects says why and until when, and that of a duplicate whose', async () => {
    const first = await booked();
    const note = 'after the budget';
    const rejected = { answer: 'rejected', reason: 'not now', date: '2026-05-04', note };
    expect(await say(first.id, rejected)).toMatchObject({
      status: 200,
      body: {
        recorded: true,
        state: 'rejected',
        dispositions: [{ kind: 'rejected', reason: 'not now', note }],
      },
    });
    await settled(app, first.lead);
    const second = await booked();
    const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: first.lead } });
    const duplicate = { answer: 'rejected', reason: 'duplicate', about: 'nobody@nowhere.example' };
    expect(await say(second.id, duplicate)).toMatchObject({
      status: 422,
      body: { error: 'no lead has this address' },
    });
    expect((await say(second.id, { ...duplicate, about: address })).status).toBe(200);
    await settled(app, second.lead);
    const third = await booked();
    await say(third.id, { answer: 'accepted' });
    expect(await say(third.id, { answer: 'lost', reason: 'chose another' })).toMatchObject({
      status: 200,
      body: { state: 'lost' },
    });
    const fourth = await booked();
    expect(await say(fourth.id, { answer: 'closed', by: 'theo' })).toMatchObject({
      status: 200,
      body: { state: 'closed', dispositions: [{ by: { key: 'theo' } }] },
    });
  });

  it('that was given before is harmless, and says so; another after the end was slower', async () => {
    const { id, owner } = await booked();
    expect((await say(id, { answer: 'accepted' })).body.recorded).toBe(true);
    const before = await app.database.disposition.count();
    expect(await say(id, { answer: 'accepted' })).toMatchObject({
      status: 200,
      body: { recorded: false, state: 'accepted' },
    });
    expect(await app.database.disposition.count()).toBe(before);
    const early = await say(id, { answer: 'won' });
    expect(early.status).toBe(409);
    expect(early.body).toEqual({
      error:
        '"won" could not be said of it where it stood. It is accepted; what may be said now: contacted, qualified, rejected, lost, closed, attempt',
      reason: 'out of order',
      state: 'accepted',
      owner: expect.objectContaining({ key: owner }) as object,
    });
    await say(id, { answer: 'lost', reason: 'price' });
    expect(await say(id, { answer: 'rejected', reason: 'bad data' })).toMatchObject({
      status: 409,
      body: {
        error: 'somebody was faster: this lead was answered for already',
        reason: 'answered already',
        state: 'lost',
        owner: { key: owner },
      },
    });
  });

  it('is the owner’s, or of whoever leads sales, and nobody else’s', async () => {
    const { id, owner, other } = await booked();
    const { body, status } = await say(id, { answer: 'accepted', by: other });
    expect([status, body.reason, body.owner]).toEqual([
      409,
      'not the owner',
      expect.objectContaining({ key: owner }),
    ]);
    expect(String(body.error)).toMatch(/^only (Lena Vogt|Emil Sattler), who has this lead now/);
    expect((await say(id, { answer: 'accepted', by: 'thoe' })).body).toEqual({
      error: 'by: There is nobody called "thoe". Did you mean "theo"?',
    });
    const nora = await say(id, { answer: 'accepted', by: 'nora' });
    expect(nora.status).toBe(422);
    expect(nora.body.error).toMatch(/^by: Nora \S+ is of marketing; sales answers for leads$/);
    const { address } = await app.database.person.findUniqueOrThrow({ where: { key: 'theo' } });
    expect((await say(id, { answer: 'accepted', by: address })).body).toMatchObject({
      recorded: true,
      dispositions: [{ by: { key: 'theo' } }],
    });
  });

  it.each([
    [
      { answer: 'acepted' },
      'answer: it is "acepted", but must be one of accepted, contacted, feedback, qualified, rejected, won, lost, closed, attempt. Did you mean "accepted"?',
    ],
    [{}, 'answer: it is missing, but must be one of'],
    [[{ answer: 'accepted' }], 'it is a list, but must be an object.'],
    [7, 'it is 7, but must be an object.'],
    [{ answer: 'accepted', nite: 'x' }, 'nite: "nite" is not known here. Did you mean "note"?'],
    [
      { answer: 'accepted', amount: '5 EUR' },
      'amount: "amount" is not known here. Known: answer, note, by.',
    ],
    [{ answer: 'won', amonut: 'x' }, 'Did you mean "amount"?'],
    [{ answer: 'won', amount: 5 }, 'amount: it is 5, but must be a text.'],
    [
      { answer: 'attempt', attempt: 'cal' },
      'must be one of call, mail, meeting. Did you mean "call"?',
    ],
    [{ answer: 'rejected' }, 'reason: it is missing; it must be a text.'],
    [
      { answer: 'rejected', reason: 'not nwo' },
      'choose one of the reasons to reject a lead. "not nwo" is none of them. Did you mean "not now"?',
    ],
    [{ answer: 'rejected', reason: 'not now' }, '"not now" needs the day to call again'],
    [
      { answer: 'rejected', reason: 'not now', date: '4 May' },
      '"4 May" is no day; write it like 2026-05-04',
    ],
    [
      { answer: 'rejected', reason: 'not now', date: '2025-05-04' },
      'the day to call again, 2025-05-04, is past',
    ],
    [{ answer: 'rejected', reason: 'unreachable' }, 'attempts to reach the lead; 0 are noted'],
    [{ answer: 'feedback' }, 'say in the note how it goes'],
    [{ answer: 'lost', reason: '' }, 'say why it was lost'],
    [{ answer: 'won', amount: '12500' }, '"12500" is no amount: money is written like'],
    [{ answer: 'accepted', note: 'x'.repeat(501) }, 'more than 500 characters'],
  ])('that says %j is refused: 422, and says why', async (body, why) => {
    unheard ??= await booked();
    const answer = await say(unheard.id, body);
    expect(answer.status).toBe(422);
    expect(answer.body.error).toContain(why);
    expect((await look(unheard.id)).body.dispositions).toEqual([]);
  });
  let unheard: Awaited<ReturnType<typeof booked>> | undefined;

  it('is JSON, and one', async () => {
    const { id } = await booked();
    expect(await say(id, '{\n  "answer": "accepted",\n  note\n}')).toMatchObject({
      status: 400,
      body: { error: 'the body is no JSON: see line 3, column 3', line: 3, column: 3 },
    });
    expect((await say(id, '{"answer": "accepted", "__proto__": {}}')).status).toBe(400);
    expect((await say(id, '')).status).toBe(400);
    const path = `/v1/escalations/${id}/answers`;
    const form = new URLSearchParams({ answer: 'accepted' });
    expect((await ask(path, { method: 'POST', body: form })).status).toBe(415);
    expect((await say(id, 'x'.repeat(1_100_000))).status).toBe(413);
    // What no text of the database holds is left out.
    expect(
      (await say(id, { answer: 'attempt', attempt: 'mail', note: 'a\u0000b' })).body,
    ).toMatchObject({
      attempts: [{ note: 'ab' }],
    });
  });

  it('is one of the examples that the OpenAPI document shows', async () => {
    const document = (await (
      await fetch(`${app.config.http.publicUrl}/v1/openapi.json`)
    ).json()) as {
      paths: Record<
        string,
        {
          post: {
            requestBody: {
              content: Record<string, { examples: Record<string, { value: unknown }> }>;
            };
            responses: Record<string, { content: Record<string, { example: object }> }>;
          };
        }
      >;
    };
    const { requestBody, responses } =
      document.paths['/v1/escalations/{id}/answers']?.post ?? expect.fail();
    expect(Object.keys(responses)).toEqual('200 400 401 404 409 413 415 422 429 503'.split(' '));
    const shown = Object.entries(requestBody.content['application/json']?.examples ?? {});
    expect(shown.length).toBeGreaterThanOrEqual(5);
    const example = responses[200]?.content['application/json']?.example ?? {};
    for (const [name, { value }] of shown) {
      const { id, owner } = await booked();
      const given = value as { answer: string; by?: string };
      if (given.answer === 'won') await say(id, { answer: 'contacted' });
      if (given.answer === 'lost') await say(id, { answer: 'accepted' });
      const answer = await say(id, given.by === undefined ? given : { ...given, by: owner });
      expect([name, answer.status, Object.keys(answer.body)]).toEqual([
        name,
        200,
        Object.keys(example),
      ]);
    }
  });
});
