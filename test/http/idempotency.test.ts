import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, minute } from '../../domain/instant.ts';
import { sql } from '../../store/database.ts';
import { startApp, type App } from '../app.ts';
import { later } from '../program.ts';
import * as api from './escalation-api.ts';

let app: App;
beforeAll(async () => {
  // A Tuesday, nine o'clock in Berlin.
  app = await startApp('2026-03-03T08:00:00Z');
});
afterAll(() => app.stop());

const say = (id: string, body: unknown, key?: string) => api.say(app, id, body, key);
const booked = () => api.booked(app);
const attempts = (escalationId: string) => app.database.attempt.count({ where: { escalationId } });

describe('an answer under an Idempotency-Key', () => {
  const call = { answer: 'attempt', attempt: 'call', note: 'Ada said to call on Monday' };

  it('is carried out once, and answered the same again, also when quoted and in another order (P7)', async () => {
    const { id } = await booked();
    const first = await say(id, call, 'key-1');
    expect(first.status).toBe(200);
    expect(first.body.recorded).toBe(true);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const { note, attempt, answer } = call;
    for (const [again, key] of [
      [call, 'key-1'],
      [{ note, by: null, attempt, answer }, '"key-1"'],
    ] as const) {
      const second = await say(id, again, key);
      expect([second.status, second.body]).toEqual([200, first.body]);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    }
    expect(await attempts(id)).toBe(1);
    // Without a key, and under another, it is another call.
    await say(id, call);
    await say(id, call, 'key-2');
    expect(await attempts(id)).toBe(3);
  });

  it('keeps no word of what was said, nor of the key', async () => {
    const { id } = await booked();
    await say(id, call, 'ada@example.com');
    const rows = await app.database.idempotencyKey.findMany();
    expect(rows.length).toBeGreaterThan(0);
    for (const { keyHash, requestHash, recorded, refusal, at, ...others } of rows) {
      // Two hashes of nothing but hexadecimal digits, and what was answered.
      expect([keyHash, requestHash].join(' ')).toMatch(/^[0-9a-f]{62,64} [0-9a-f]{62,64}$/);
      expect([recorded, refusal, at]).toEqual([true, null, new Date(app.clock.now())]);
      expect(others).toEqual({});
    }
  });

  it('stays what it was, whatever became of the escalation since', async () => {
    const { id, owner } = await booked();
    await say(id, { answer: 'accepted' }, 'key-3');
    const early = await say(id, { answer: 'won' }, 'key-4');
    expect([early.status, early.body.reason]).toEqual([409, 'out of order']);
    await say(id, { answer: 'contacted' }, 'key-5');
    const again = await say(id, { answer: 'won' }, 'key-4');
    expect([again.status, again.body.reason, again.body.state]).toEqual([
      409,
      'out of order',
      'contacted',
    ]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await say(id, { answer: 'won' }, 'key-6');
    expect(await say(id, { answer: 'accepted' }, 'key-3')).toMatchObject({
      status: 200,
      body: { recorded: true, state: 'won', owner: { key: owner } },
    });
  });

  it('is refused when the key was used for another post, of another body or another lead: 422', async () => {
    const [one, two] = [await booked(), await booked()];
    await say(one.id, call, 'key-7');
    const error = 'this Idempotency-Key was used for another post; send a new one';
    for (const [id, body] of [
      [one.id, { ...call, attempt: 'mail' }],
      [two.id, call],
    ] as const)
      expect(await say(id, body, 'key-7')).toMatchObject({ status: 422, body: { error } });
    expect([await attempts(one.id), await attempts(two.id)]).toEqual([1, 0]);
  });

  it('may be mended under its key when it could not be understood, as nothing was done', async () => {
    const { id } = await booked();
    expect((await say(id, { answer: 'rejected', reason: 'not now' }, 'key-8')).status).toBe(422);
    expect((await say('x', call, 'key-8')).status).toBe(404);
    expect(await say(id, { answer: 'accepted' }, 'key-8')).toMatchObject({
      status: 200,
      body: { recorded: true },
    });
  });

  it('of which many come at the same moment is carried out once', async () => {
    const { id } = await booked();
    const answers = await Promise.all(Array.from({ length: 12 }, () => say(id, call, 'key-9')));
    const fresh = answers.filter(
      ({ status, headers }) => status === 200 && headers.get('idempotent-replayed') === null,
    );
    expect(fresh).toHaveLength(1);
    for (const { status, body, headers } of answers)
      if (status === 409)
        expect([body.reason, headers.get('retry-after')]).toEqual(['under way', '1']);
      else expect(body.recorded).toBe(true);
    expect(await attempts(id)).toBe(1);
    expect((await say(id, call, 'key-9')).headers.get('idempotent-replayed')).toBe('true');
  });

  it('is told to come again while the first is under way, and waits for nobody: 409', async () => {
    const { id } = await booked();
    let first: Promise<api.Answered> | undefined;
    await app.database.transaction(async session => {
      await session.$executeRaw(sql`SELECT FROM escalation WHERE id = ${id}::uuid FOR UPDATE`);
      first = say(id, call, 'key-10');
      const isWaiting = () =>
        app.database.$queryRaw<{ waits: boolean }[]>(sql`
          SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted) AS waits`);
      await expect.poll(isWaiting).toEqual([{ waits: true }]);
      const second = await say(id, call, 'key-10');
      expect([second.status, second.body]).toEqual([
        409,
        { error: 'a post with this Idempotency-Key is not answered yet', reason: 'under way' },
      ]);
      expect(second.headers.get('retry-after')).toBe('1');
      // Another key waits for the escalation alone, which is free in a moment.
      expect(await attempts(id)).toBe(0);
    });
    expect((await first)?.status).toBe(200);
    expect(await attempts(id)).toBe(1);
  });

  it('is not carried out when its key cannot be kept, so that there is never one without the other', async () => {
    const { id } = await booked();
    await app.database.$executeRawUnsafe(
      `ALTER TABLE idempotency_key ADD CONSTRAINT full_disk CHECK (at < '2000-01-01') NOT VALID`,
    );
    expect((await say(id, call, 'key-11')).status).toBe(500);
    await app.database.$executeRawUnsafe('ALTER TABLE idempotency_key DROP CONSTRAINT full_disk');
    expect(await attempts(id)).toBe(0);
    const again = await say(id, call, 'key-11');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  it('is forgotten after a day, a few with each that comes, and its key is free', async () => {
    const { id } = await booked();
    await say(id, { answer: 'accepted' }, 'key-12');
    await app.database.$executeRawUnsafe(`
      INSERT INTO idempotency_key SELECT lpad(n::text, 64, '0'), repeat('a', 64), true, NULL, '2026-02-01'
      FROM generate_series(1, 50) AS n`);
    app.clock.at = later(app, day - minute);
    const kept = await say(id, { answer: 'accepted' }, 'key-12');
    expect([kept.body.recorded, kept.headers.get('idempotent-replayed')]).toEqual([true, 'true']);
    app.clock.at = later(app, minute);
    const old = () => app.database.idempotencyKey.count({ where: { at: new Date('2026-02-01') } });
    expect(await old()).toBe(50);
    const late = await say(id, { answer: 'accepted' }, 'key-12');
    expect([late.body.recorded, late.headers.get('idempotent-replayed')]).toEqual([false, null]);
    expect(await old()).toBe(30);
    await say(id, call, 'key-12b');
    await say(id, call, 'key-12c');
    expect(await old()).toBe(0);
    // For something else too.
    expect((await say(id, { answer: 'contacted' }, 'key-12')).status).toBe(422);
    app.clock.at = later(app, day);
    expect((await say(id, { answer: 'contacted' }, 'key-12')).status).toBe(200);
  });

  it.each([
    ['x'.repeat(256), 'has 256 letters; it may have 255'],
    [`"${'x'.repeat(256)}"`, 'has 256 letters; it may have 255'],
    ['"open', 'must be a text of ASCII letters'],
    ['""', 'must be a text of ASCII letters'],
    ['', 'must be a text of ASCII letters'],
    ['"a";b=1', 'must be a text of ASCII letters'],
    ['clé', 'must be a text of ASCII letters'],
  ])('%j is no key: 400', async (key, why) => {
    const { id } = (unkeyed ??= await booked());
    const answer = await say(id, call, key);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain(why);
    expect(await attempts(id)).toBe(0);
  });
  let unkeyed: Awaited<ReturnType<typeof booked>> | undefined;

  it('has one key, of up to 255 letters', async () => {
    const { id } = await booked();
    expect((await say(id, call, 'x'.repeat(255))).status).toBe(200);
    const answer = await new Promise<unknown>((resolve, reject) => {
      const asking = request(
        `${app.config.http.publicUrl}/v1/escalations/${id}/answers`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${app.config.apiKey}`,
            'content-type': 'application/json',
            'idempotency-key': ['a', 'b'],
          },
        },
        response => void json(response).then(resolve, reject),
      );
      asking.on('error', reject);
      asking.end(JSON.stringify(call));
    });
    expect(answer).toEqual({ error: 'send one Idempotency-Key, not several' });
  });
});
