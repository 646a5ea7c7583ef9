import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inboundAddress } from '../../http/inbound-address.ts';
import { startHttp, type HttpProcess } from './http-process.ts';
import { hold } from './obstacles.ts';
import { aMail, formBody, formType, postMail, type Parts } from './inbound-post.ts';

let http: HttpProcess;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.end());

const post = (parts: Parts | Buffer, headers?: Record<string, string>) =>
  postMail(http.inbound, parts, headers);
/** What is kept of the mails of strangers, as all of these are, oldest first. */
const kept = async () => {
  const events = await http.database.event.findMany({ orderBy: { id: 'asc' } });
  return events.map(({ kind }) => kind);
};
const stored = async () => (await kept()).length;

describe('the address of inbound mail', () => {
  it('holds a secret, without which there is nothing there, and which no log tells', async () => {
    const right = http.inbound;
    const secret = right.slice(right.lastIndexOf('/') + 1);
    const guesses = [
      inboundAddress(http.url, 'another secret of the same length'),
      right.slice(0, -1),
      `${right}x`,
      `${right}/`,
      right.replace(secret, 'guess'),
      right.replace(secret, encodeURIComponent('ü')),
    ];
    for (const guess of guesses)
      expect([guess, (await postMail(guess, aMail('a@b.example'))).status]).toEqual([guess, 404]);
    expect((await postMail(right.replace(secret, '%zz'), aMail('a@b.example'))).status).toBe(400);
    expect((await fetch(right)).status).toBe(405);
    expect(await stored()).toBe(0);
    expect((await post(aMail('a@b.example'))).status).toBe(204);
    expect((await post(Buffer.from('x'))).status).toBe(400);
    const log = JSON.stringify(await http.log());
    expect(log).toContain('a mail was refused');
    for (const told of [secret, 'guess', 'b.example', 'What a stop costs'])
      expect(log).not.toContain(told);
  });
});

describe('a post', () => {
  it('of attachments of many megabytes is read without keeping them', async () => {
    const bytes = Buffer.alloc(24 * 1024 * 1024, 'attached');
    // What nearly ends a part is a part of it.
    bytes.fill('\r\n--xYzZ ', 0, 1024 * 1024);
    const attachment1 = { file: 'plan.pdf', type: 'application/pdf', bytes };
    const mails = Array.from({ length: 5 }, () =>
      formBody({ attachment1, ...aMail('a@b.example') }),
    );
    const answers = await Promise.all(mails.map(mail => post(mail)));
    expect(answers.map(({ status }) => status)).toEqual(mails.map(() => 204));
    expect((await kept()).at(-1)).toBe('reply');
    // The process alone has 200; the mails are 120 together.
    expect(await http.peakMemory()).toBeLessThan(300);
  });

  it('that is larger than a mail can be is refused: 413', async () => {
    const bytes = Buffer.alloc(33 * 1024 * 1024);
    const attachment = { file: 'a', type: 'application/pdf', bytes };
    const result = await post({ ...aMail('a@b.example'), attachment1: attachment }).catch(() => ({
      status: 413,
    }));
    expect(result.status).toBe(413);
    // Without saying how long it is.
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(formBody({ attachment1: attachment })));
        controller.close();
      },
    });
    const chunked = await fetch(http.inbound, {
      method: 'POST',
      headers: formType,
      body,
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
  });

  it('is answered when it is stored, and beyond what may wait told at once to come again (P7)', async () => {
    const before = await stored();
    const lock = await hold(http.databaseUrl, 'LOCK TABLE event IN EXCLUSIVE MODE');
    const statuses: number[] = [];
    const posts = Array.from({ length: 60 }, async () => {
      const { status } = await post(aMail('a@b.example'));
      statuses.push(status);
    });
    await expect.poll(() => statuses).toEqual(Array.from({ length: 10 }, () => 503));
    await lock.release();
    await Promise.all(posts);
    expect(statuses.filter(status => status === 204)).toHaveLength(50);
    expect(await stored()).toBe(before + 50);
  });

  it('of a hundred thousand fields is refused: 413', async () => {
    const parts = Array.from({ length: 100_000 }, (_, n) => [`f${n}`, 'x'] as const);
    expect((await post(formBody(parts))).status).toBe(413);
  });

  it('keeps the beginning of fields that are too long', async () => {
    const mail = aMail('a@b.example');
    const long = { text: `unsubscribe\n\n${'x'.repeat(1024 * 1024)}`, html: 'y'.repeat(2_000_000) };
    const headers = `${mail.headers as string}${'X-Filler: x\n'.repeat(100_000)}`;
    expect((await post({ ...mail, ...long, headers })).status).toBe(204);
    expect((await kept()).at(-1)).toBe('unsubscribe');
  });

  it('that is set to be raw is understood by its head', async () => {
    const from = 'a@b.example';
    const head = (subject: string, more: string) =>
      `From: Ada <${from}>\r\nSubject: ${subject}\r\n${more}\r\n\r\nPrecedence: bulk\r\n`;
    const envelope = JSON.stringify({ from });
    await post({ email: head('Re: a', 'Message-ID: <a@x.example>'), from, envelope });
    await post({ email: head('Re: b', 'Precedence: bulk'), from, envelope });
    expect((await kept()).slice(-2)).toEqual(['reply', 'auto reply']);
  });

  it.each([
    ['that is cut off', formBody(aMail('a@b.example')).subarray(0, 400), formType, 400],
    ['that ends within a boundary', formBody(aMail('a@b.example')).subarray(0, -5), formType, 400],
    ['that is empty', Buffer.from(''), formType, 400],
    ['that is no form', Buffer.from('hello'), formType, 400],
    ['with nothing of a mail', formBody({ hello: 'world' }), formType, 400],
    ['with no fields', formBody({}), formType, 400],
    ['without a boundary', Buffer.from('x'), { 'content-type': 'multipart/form-data' }, 400],
    ['with a name that is none', formBody({ constructor: 'x' }), formType, 400],
    ['of JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, 415],
    [
      'of another form',
      Buffer.from('a=b'),
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['of no kind', Buffer.from('x'), {}, 415],
  ])('%s is refused, and nothing is stored', async (_, body, headers, status) => {
    const before = await stored();
    expect((await post(body, headers)).status).toBe(status);
    expect(await stored()).toBe(before);
  });

  it('is answered with 2xx or 400 whatever is broken in it, and the next one is taken', async () => {
    const whole = formBody(aMail('fuzz@elsewhere.example'));
    const broken = fc.oneof(
      fc.nat(whole.length).map(end => whole.subarray(0, end)),
      fc
        .tuple(fc.nat(whole.length), fc.uint8Array({ maxLength: 40 }), fc.nat(60))
        .map(([at, bytes, gone]) =>
          Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + gone)]),
        ),
      fc
        .dictionary(
          fc.constantFrom('headers', 'from', 'envelope', 'charsets', 'text', 'html', 'subject'),
          fc.string({ unit: 'binary', maxLength: 300 }),
        )
        .map(parts => formBody(parts)),
    );
    await fc.assert(
      fc.asyncProperty(broken, async body => {
        expect([204, 400]).toContain((await post(body)).status);
      }),
      { numRuns: 300 },
    );
    const before = await stored();
    expect((await post(aMail('a@b.example'))).status).toBe(204);
    expect(await stored()).toBe(before + 1);
  });
});
