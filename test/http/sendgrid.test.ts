import { createSign, generateKeyPairSync } from 'node:crypto';
import sendgrid from '@sendgrid/eventwebhook';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant, day, hour, plus, second } from '../../domain/instant.ts';
import { readEvent, readEvents } from '../../http/sendgrid-event.ts';
import {
  readPublicKey,
  refusalOf,
  signatureHeader,
  timestampHeader,
} from '../../http/signature.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { address } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

interface PostOptions {
  at?: number;
  signature?: string | null;
  body?: string;
}

function sign(timestamp: string, body: string): string {
  return createSign('sha256')
    .update(timestamp + body)
    .sign(app.privateKey, 'base64');
}

async function post(
  events: unknown,
  { at = app.clock.now(), signature, body = `${JSON.stringify(events)}\r\n` }: PostOptions = {},
) {
  const timestamp = String(Math.floor(at / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    [timestampHeader]: timestamp,
  };
  if (signature !== null) headers[signatureHeader] = signature ?? sign(timestamp, body);
  const response = await fetch(`${app.config.http.publicUrl}/webhooks/sendgrid`, {
    method: 'POST',
    headers,
    body,
  });
  return { status: response.status, body: await response.text() };
}

let made = 0;
function event(more: Record<string, unknown> = {}) {
  made += 1;
  return {
    email: 'nobody@example.com',
    timestamp: 1_772_438_400,
    event: 'open',
    sg_event_id: `event-${made}`,
    sg_message_id: `message-${made}.recvd`,
    ...more,
  };
}
const stored = () => app.database.event.count();

describe('the event webhook', () => {
  it('answers 204 when every event is committed, and stores each once (P7)', async () => {
    const before = await stored();
    const events = [event(), event({ event: 'processed' }), event({ event: 'delivered' })];
    expect(await post(events)).toEqual({ status: 204, body: '' });
    expect(await post(events)).toMatchObject({ status: 204 });
    expect(await stored()).toBe(before + 3);
  });

  it('keeps kinds that nobody knows yet, and events that make no sense', async () => {
    const before = await stored();
    expect(
      await post([event({ event: 'teleported', beam: 7 }), { hello: 'world' }, 42]),
    ).toMatchObject({ status: 204 });
    expect(await stored()).toBe(before + 3);
    const kept = await app.database.event.findMany({
      where: { kind: 'unknown' },
      orderBy: { id: 'asc' },
    });
    expect(JSON.stringify(kept.map(({ detail }) => detail))).toContain('teleported');
  });

  it('stores what the database cannot hold without it, and the unsubscribe beside it counts', async () => {
    for (const odd of ['\u0000', '\ud83d', 'a\udc00b']) {
      const email = `odd-${made}@example.com`;
      const before = await stored();
      const batch = [
        event({ event: 'bounce', type: 'blocked', reason: `cut ${odd} off` }),
        event({ event: 'unsubscribe', email }),
      ];
      expect(await post(batch)).toMatchObject({ status: 204 });
      expect(await stored()).toBe(before + 2);
      expect(await isSuppressed(app.database, address(email))).toBe(true);
    }
  });

  it('takes any event that JSON can say, and hears the unsubscribe beside it', async () => {
    const names = Object.keys(
      event({ url: '', url_offset: {}, reason: '', type: '', useragent: '' }),
    );
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.constantFrom('constructor', '__proto__', 'x'.repeat(5_000), 9e15, 1e300, -1),
    );
    const kind = fc.constantFrom(
      'dropped',
      'bounce',
      'click',
      'open',
      'unsubscribe',
      'constructor',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), odd, kind, async (name, value, type) => {
        const email = `fuzz-${made}@example.com`;
        const batch = [
          { ...event({ event: type }), [name]: value },
          event({ event: 'unsubscribe', email }),
        ];
        expect((await post(batch)).status).toBe(204);
        expect(await isSuppressed(app.database, address(email))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('hears an unsubscribe whose other fields have become something else', async () => {
    const email = 'changed@example.com';
    const batch = [event({ event: 'unsubscribe', email, sg_event_id: 7, sg_message_id: null })];
    expect(await post(batch)).toMatchObject({ status: 204 });
    expect(await isSuppressed(app.database, address(email))).toBe(true);
  });

  it('refuses what SendGrid did not sign', async () => {
    const before = await stored();
    expect(await post([event()], { signature: null })).toMatchObject({
      status: 401,
      body: expect.stringContaining('missing') as string,
    });
    expect(await post([event()], { signature: 'nonsense' })).toMatchObject({ status: 401 });
    const timestamp = String(Math.floor(app.clock.now() / 1000));
    expect(await post([event()], { signature: sign(timestamp, 'another body') })).toMatchObject({
      status: 401,
      body: expect.stringContaining('does not fit') as string,
    });
    expect(await post([event()], { at: app.clock.now() - 2 * day })).toMatchObject({
      status: 401,
      body: expect.stringContaining('too old') as string,
    });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const body = JSON.stringify([event()]);
    const foreign = createSign('sha256')
      .update(timestamp + body)
      .sign(privateKey, 'base64');
    expect(await post(null, { body, signature: foreign })).toMatchObject({ status: 401 });
    expect(await stored()).toBe(before);
  });

  it('says what is wrong with a body, and takes an empty list for nothing', async () => {
    expect(await post(null, { body: 'not json' })).toMatchObject({ status: 400 });
    expect(await post({ event: 'open' })).toMatchObject({ status: 400 });
    expect(await post([])).toMatchObject({ status: 204 });
    expect(await post(null, { body: '' })).toMatchObject({ status: 400 });
  });

  it('refuses ten megabytes before it reads them all', async () => {
    const result = await post(null, { body: 'x'.repeat(10 * 1024 * 1024) }).catch(() => ({
      status: 413,
    }));
    expect(result.status).toBe(413);
  });

  it('slows down whoever keeps guessing, and nobody else', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 80 }, () => post([event()], { signature: 'AAAA' })),
    );
    expect(guesses.some(({ status }) => status === 429)).toBe(true);
    expect(await post([event()])).toMatchObject({ status: 204 });
  });
});

describe('a signature', () => {
  it('is judged as SendGrid’s own library judges it', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const base64 = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const official = new sendgrid.EventWebhook();
    const now = instant(1_772_438_400_000);
    for (const [signed, sent] of [
      ['[]\r\n', '[]\r\n'],
      ['[{"a":"ü"}]\r\n', '[{"a":"ü"}]\r\n'],
      ['[]\r\n', '[]'],
      ['[1]', '[2]'],
    ] as const) {
      const signature = createSign('sha256')
        .update(`1772438400${signed}`)
        .sign(privateKey, 'base64');
      const theirs = official.verifySignature(
        official.convertPublicKeyToECDSA(base64),
        sent,
        signature,
        '1772438400',
      );
      const ours = refusalOf(
        readPublicKey(base64),
        Buffer.from(sent),
        { [signatureHeader]: signature, [timestampHeader]: '1772438400' },
        now,
        hour,
      );
      expect(ours === null).toBe(theirs);
    }
  });
});

describe('an event of SendGrid', () => {
  const at = instant(1_772_438_460_000);
  const read = (more: Record<string, unknown>) => readEvent(event(more), at, 60_000);

  it.each([
    [{ event: 'click', url: 'https://a.example' }, 'click', 'https://a.example'],
    [
      { event: 'bounce', type: 'bounce', bounce_classification: 'Invalid Address' },
      'bounce',
      'Invalid Address',
    ],
    [{ event: 'bounce', type: 'blocked' }, 'blocked', null],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'bounce', 'Bounced Address'],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'unsubscribe', 'Unsubscribed Address'],
    [{ event: 'dropped', reason: 'Spam Content' }, 'dropped', 'Spam Content'],
    [{ event: 'spamreport' }, 'complaint', null],
    [{ event: 'group_unsubscribe', asm_group_id: 1 }, 'unsubscribe', null],
    [{ event: 'group_resubscribe' }, 'resubscribe', null],
    [{ event: 'deferred', attempt: '5' }, 'deferred', null],
  ])('%j is understood as %s', (given, kind, subject) => {
    expect(read(given)).toMatchObject({ kind, subject });
  });

  it('is told again by its content when its id has changed', () => {
    const [a, b] = [
      event({ event: 'click', url: 'https://a.example', send_id: crypto.randomUUID() }),
      {},
    ];
    const again = { ...a, ...b, sg_event_id: 'another', sg_message_id: 'also another' };
    expect(readEvent(again, at, 0).naturalHash).toBe(readEvent(a, at, 0).naturalHash);
    expect(readEvent({ ...a, url_offset: { index: 2 } }, at, 0).naturalHash).not.toBe(
      readEvent(a, at, 0).naturalHash,
    );
  });

  it('that is a click is held from when it arrived, however old it is', () => {
    expect(read({ event: 'click', url: 'x' }).holdUntil).toBe(plus(at, 60 * second));
    expect(read({ event: 'open' }).holdUntil).toBeNull();
  });

  it('of a test mail is left out, unless it is about the address', () => {
    const told = ['delivered', 'open', 'click', 'dropped', 'bounce', 'spamreport'].map(kind =>
      event({ event: kind, test: 'c-nurture/01-welcome' }),
    );
    expect(readEvents(told, at, 0).map(({ kind }) => kind)).toEqual(['bounce', 'complaint']);
    const send = { send_id: crypto.randomUUID(), test: 'x' };
    expect(readEvents([event({ event: 'click', ...send }), null, 'x'], at, 0)).toHaveLength(3);
  });

  it('may lack everything but its name and its time', () => {
    expect(readEvent({ event: 'bounce', timestamp: 1 }, at, 0)).toMatchObject({
      kind: 'bounce',
      sendId: null,
      address: null,
    });
  });
});
