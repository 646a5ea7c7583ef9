import sendgridWebhook from '@sendgrid/eventwebhook';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { day, instant, minute, plus } from '../../domain/instant.ts';
import { readEvent } from '../../http/sendgrid-event.ts';
import { readPublicKey, refusalOf } from '../../http/signature.ts';
import type { StoredMail } from '../../sandbox/sendgrid/outbox.ts';
import type { Reception } from '../../sandbox/sendgrid/post-office.ts';
import type { Reader } from '../../sandbox/sendgrid/reader.ts';
import { startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
let reception: Reception = 'delivered';
beforeAll(async () => {
  test = await startSandbox({ receptionOf: () => reception });
});
beforeEach(async () => {
  reception = 'delivered';
  test.sandbox.faults = {};
  await test.told();
});
afterAll(() => test.stop());

let addresses = 0;
/** A mail to an address of its own, and nothing of it told yet. */
async function aMail(more: object = {}): Promise<StoredMail> {
  addresses += 1;
  const mail = await test.mail({ to: `reader${addresses}@example.com`, ...more });
  if (mail === null) throw new Error('It was dropped.');
  await test.told();
  return mail;
}

const publicKey = () => test.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const header = (name: string) => `x-twilio-email-event-webhook-${name}`;

describe('an event', () => {
  it('says of whom and of what it is, with the mail’s own arguments beside', async () => {
    const id = /^[\w-]{22}$/;
    await test.mail();
    const [event] = await test.told();
    expect(event).toMatchObject({
      email: 'ada@example.com',
      timestamp: test.clock.at / 1_000,
      event: 'processed',
      category: 'c-nurture',
      send_id: 'send-1',
      enrollment_id: 'enrollment-1',
      step: 'first',
      'smtp-id': expect.stringMatching(/^<[\w-]{22}@/) as string,
      sg_event_id: expect.stringMatching(id) as string,
    });
    expect(event?.sg_message_id.split('.')[0]).toMatch(id);
  });

  it('has its categories as a text, as a list, or not at all', async () => {
    await test.mail({ categories: ['a', 'b'] });
    await test.mail({ categories: undefined });
    const categories = (await test.told()).map(({ category }) => category);
    expect(categories).toEqual([['a', 'b'], ['a', 'b'], undefined, undefined]);
  });

  it('is signed so that the official library and Lockstep believe it, and not when a byte is other', async () => {
    await test.mail();
    await test.sandbox.webhook.settled();
    const [{ body, headers } = { body: Buffer.of(), headers: {} }] = test.receiver.posts;
    const official = new sendgridWebhook.EventWebhook();
    const key = official.convertPublicKeyToECDSA(publicKey());
    const signature = String(headers[header('signature')]);
    const timestamp = String(headers[header('timestamp')]);
    const text = body.toString('utf8');
    expect(text.endsWith(']\r\n')).toBe(true);
    expect(official.verifySignature(key, text, signature, timestamp)).toBe(true);
    expect(official.verifySignature(key, text.trimEnd(), signature, timestamp)).toBe(false);
    const refusal = (bytes: Buffer) =>
      refusalOf(readPublicKey(publicKey()), bytes, headers, test.clock.at, minute);
    expect([refusal(body), refusal(body.subarray(1))]).toEqual([null, 'bad']);
  });

  it('is posted with at most ninety-nine others', async () => {
    const mail = await aMail();
    for (let n = 0; n < 150; n++) test.sandbox.reader.open(mail);
    await test.sandbox.webhook.settled();
    const sizes = test.receiver.posts.map(
      ({ body }) => (JSON.parse(body.toString('utf8')) as unknown[]).length,
    );
    expect(sizes).toEqual([100, 50]);
  });

  it('is posted again until it is taken, with the signature of the first time, and holds up no other', async () => {
    const mail = await aMail();
    test.receiver.refuse(2);
    test.sandbox.reader.open(mail);
    await expect.poll(() => test.receiver.refused).toBe(2);
    expect(test.sandbox.webhook.unposted).toBe(1);
    const first = test.clock.at;
    test.clock.at = plus(first, minute);
    test.sandbox.reader.block(mail);
    await test.sandbox.webhook.settled();
    expect(test.sandbox.webhook.unposted).toBe(0);
    const [other, post] = test.receiver.posts;
    expect([other, post].map(each => each?.body.toString('utf8'))).toEqual([
      expect.stringContaining('blocked'),
      expect.stringContaining('sg_machine_open'),
    ]);
    expect(post?.headers[header('timestamp')]).toBe(String(first / 1_000));
  });

  it('is given up after a day', async () => {
    const mail = await aMail();
    const { refused } = test.receiver;
    test.receiver.refuse(1_000);
    test.sandbox.reader.open(mail);
    await expect.poll(() => test.receiver.refused).toBeGreaterThan(refused);
    test.clock.at = plus(test.clock.at, day + 1);
    await test.sandbox.webhook.settled();
    test.receiver.refuse(0);
    expect(await test.told()).toEqual([]);
    expect(await test.report()).toMatchObject({ unposted: 0, givenUp: 1 });
  });
});

describe('what is done with a mail', () => {
  const link = { url: 'https://a.example/1', index: 0, isCounted: true, isHidden: false };
  const visitor = { useragent: expect.any(String) as string, ip: expect.any(String) as string };
  const server = { ip: expect.any(String) as string };
  const offset = (index: number) => ({ url_offset: { index, type: 'html' } });

  // What the reader does, what is told, and what Lockstep takes it for.
  it.each<[string, (reader: Reader, mail: StoredMail) => void, object[], string]>([
    [
      'open',
      (reader, mail) => reader.open(mail),
      [{ event: 'open', sg_machine_open: false, ...visitor }],
      'open',
    ],
    [
      'a machine opens',
      (reader, mail) => reader.machineOpen(mail),
      [{ event: 'open', sg_machine_open: true, ...visitor }],
      'open',
    ],
    [
      'click',
      (reader, mail) => reader.click(mail, link),
      [{ event: 'click', url: link.url, ...offset(0), ...visitor }],
      'click',
    ],
    [
      'a scanner clicks all, the hidden one too',
      (reader, mail) => reader.scan(mail),
      [
        { event: 'click', url: 'https://a.example/1', ...offset(0) },
        { event: 'click', url: 'https://a.example/2', ...offset(1) },
      ],
      'click',
    ],
    [
      'the server defers',
      (reader, mail) => reader.defer(mail, 3),
      [
        {
          event: 'deferred',
          attempt: '3',
          response: expect.stringMatching(/^4/) as string,
          ...server,
        },
      ],
      'deferred',
    ],
    [
      'bounce',
      (reader, mail) => reader.bounce(mail),
      [
        {
          event: 'bounce',
          type: 'bounce',
          status: '5.1.1',
          bounce_classification: 'Invalid Address',
          reason: expect.stringMatching(/^550 5\.1\.1/) as string,
          ...server,
        },
      ],
      'bounce',
    ],
    [
      'block',
      (reader, mail) => reader.block(mail, 'Content'),
      [{ event: 'bounce', type: 'blocked', bounce_classification: 'Content' }],
      'blocked',
    ],
    ['complain', (reader, mail) => reader.complain(mail), [{ event: 'spamreport' }], 'complaint'],
    [
      'unsubscribe',
      (reader, mail) => reader.unsubscribe(mail),
      [{ event: 'unsubscribe' }],
      'unsubscribe',
    ],
    [
      'leave a group',
      (reader, mail) => reader.groupUnsubscribe(mail),
      [
        {
          event: 'group_unsubscribe',
          asm_group_id: 1,
          url: expect.any(String) as string,
          ...visitor,
        },
      ],
      'unsubscribe',
    ],
    [
      'come back to a group',
      (reader, mail) => reader.groupResubscribe(mail),
      [{ event: 'group_resubscribe', asm_group_id: 1, ...visitor }],
      'resubscribe',
    ],
  ])('%s', async (_what, play, told, kind) => {
    const mail = await aMail();
    play(test.sandbox.reader, mail);
    const events = await test.told();
    expect(events).toMatchObject(told);
    expect(events).toHaveLength(told.length);
    for (const event of events) {
      expect(event).toMatchObject({ email: mail.to, send_id: 'send-1' });
      const read = readEvent(event, instant(test.clock.at), 0);
      expect([read.kind, read.address]).toEqual([kind, mail.to]);
    }
  });

  it('by the mail server is told at once, or when it comes to be', async () => {
    const kinds = async () =>
      (await test.told()).map(({ event, type }) => [event, type].join(' ').trim());
    await test.mail({ to: 'fine@example.com' });
    expect(await kinds()).toEqual(['processed', 'delivered']);
    reception = 'blocked';
    await test.mail({ to: 'fine@example.com' });
    expect(await kinds()).toEqual(['processed', 'bounce blocked']);
    reception = 'deferred';
    await test.mail({ to: 'fine@example.com' });
    expect(await kinds()).toEqual(['processed', 'deferred']);
    const due = test.sandbox.webhook.nextDue();
    expect(due).toBe(test.clock.at + 5 * minute);
    test.sandbox.webhook.release(plus(test.clock.at, 5 * minute));
    expect(await kinds()).toEqual(['delivered']);
    reception = 'bounce';
    await test.mail({ to: 'fine@example.com' });
    expect(await kinds()).toEqual(['processed', 'bounce bounce']);
    await test.mail({ to: 'fine@example.com' });
    expect(await kinds()).toEqual(['dropped']);
  });

  it('is to leave with one click, where it offers that', async () => {
    const offering = (url: string) => aMail({ headers: { 'List-Unsubscribe': `<${url}>` } });
    const { reader } = test.sandbox;
    expect(await reader.leave(await offering(test.receiver.url))).toBe(true);
    const [post] = test.receiver.posts.splice(0);
    expect(post?.body.toString('utf8')).toBe('List-Unsubscribe=One-Click');
    expect(await reader.leave(await offering('http://127.0.0.1:1/'))).toBe(false);
    expect(await reader.leave(await aMail())).toBe(false);
  });

  it('to several at once is told for each', async () => {
    const before = test.sandbox.outbox.count;
    await test.mail({
      to: ['one@example.com', 'two@example.com'],
      cc: 'three@example.com',
    });
    const events = await test.told();
    const processed = events.filter(({ event }) => event === 'processed');
    expect(processed.map(({ email }) => email)).toEqual([
      'one@example.com',
      'two@example.com',
      'three@example.com',
    ]);
    // All of them were answered for by one id.
    expect(new Set(processed.map(event => event.sg_message_id.split('.')[0])).size).toBe(1);
    expect(new Set(processed.map(event => event.sg_message_id)).size).toBe(3);
    expect(test.sandbox.outbox.count).toBe(before + 3);
  });
});
