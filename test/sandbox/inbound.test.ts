import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMail } from '../../sandbox/sendgrid/outbox.ts';
import { postInbound } from '../../sandbox/sendgrid/inbound.ts';
import { aMail, startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
let status = 200;
const forms: Record<string, string>[] = [];
/** A route that takes what Inbound Parse posts. */
const route = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    forms.push(fieldsOf(request.headers['content-type'] ?? '', Buffer.concat(parts)));
    response.writeHead(status).end();
  });
});
let inboundUrl = '';

/** The fields of a multipart body. */
function fieldsOf(type: string, body: Buffer): Record<string, string> {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(type)?.[1] ?? 'none';
  const parts = body.toString('utf8').split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map(part => {
      const [, name = '', value = ''] =
        /^\r\nContent-Disposition: form-data; name="([^"]+)"\r\n\r\n(.*)\r\n$/s.exec(part) ?? [];
      return [name, value];
    }),
  );
}

beforeAll(async () => {
  await new Promise<void>(resolve => route.listen(0, '127.0.0.1', resolve));
  inboundUrl = `http://127.0.0.1:${(route.address() as AddressInfo).port}/webhooks/inbound/x`;
  test = await startSandbox({ inboundUrl });
});
afterAll(async () => {
  route.closeAllConnections();
  route.close();
  await test.stop();
});

async function sent(more: object = {}): Promise<StoredMail> {
  const mail = await test.mail(more);
  if (mail === null) throw new Error('It was dropped.');
  return mail;
}

/** What was posted last. */
function posted() {
  const fields = forms.at(-1);
  if (fields === undefined) throw new Error('Nothing was posted.');
  const headers = new Map(
    (fields.headers ?? '').split('\r\n').map(line => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')] as const;
    }),
  );
  return { fields, headers };
}

describe('an answer', () => {
  it('is posted with every field that Inbound Parse has', async () => {
    const mail = await sent();
    expect(await test.sandbox.reader.reply(mail, 'Yes, "please" & <soon>')).toBe(true);
    const { fields, headers } = posted();
    expect(Object.keys(fields).sort()).toEqual(
      [
        'SPF',
        'attachments',
        'charsets',
        'dkim',
        'envelope',
        'from',
        'headers',
        'html',
        'sender_ip',
        'subject',
        'text',
        'to',
      ].sort(),
    );
    expect(fields).toMatchObject({
      from: aMail.to,
      to: aMail.replyTo,
      subject: 'Re: Hello',
      SPF: 'pass',
      attachments: '0',
    });
    expect(JSON.parse(fields.envelope ?? '')).toEqual({ to: [aMail.replyTo], from: aMail.to });
    expect(JSON.parse(fields.charsets ?? '')).toMatchObject({ text: 'utf-8', subject: 'UTF-8' });
    expect(fields.text).toMatch(/^Yes, "please" & <soon>\r\n\r\nOn .* wrote:\r\n> Hello Ada\r\n/);
    expect(fields.html).toContain('&lt;soon>');
    expect(headers.get('in-reply-to')).toBe(`<${mail.id}@geopod-ismtpd-1>`);
    expect(headers.get('references')).toBe(headers.get('in-reply-to'));
    expect(headers.get('message-id')).toMatch(/^<.+@mail\.example\.com>$/);
    expect(Date.parse(headers.get('date') ?? '')).toBe(test.clock.at);
    expect(headers.has('auto-submitted')).toBe(false);
  });

  it('goes to the sender when the mail names nobody else', async () => {
    await test.sandbox.reader.reply(await sent({ replyTo: undefined, subject: 'Re: Hello' }), 'x');
    expect(posted().fields).toMatchObject({ to: 'nora@northwind.example', subject: 'Re: Hello' });
  });

  it('of a machine says so, and has no sender', async () => {
    expect(await test.sandbox.reader.outOfOffice(await sent())).toBe(true);
    const { fields, headers } = posted();
    expect(Object.fromEntries(headers)).toMatchObject({
      'auto-submitted': 'auto-replied',
      precedence: 'auto_reply',
      'x-autoreply': 'yes',
    });
    expect(fields).toMatchObject({ from: aMail.to, subject: 'Automatic reply: Hello' });
    expect(JSON.parse(fields.envelope ?? '')).toEqual({ to: [aMail.replyTo], from: '' });
  });

  it('that nobody takes is told', async () => {
    const mail = await sent();
    status = 500;
    expect(await test.sandbox.reader.reply(mail, 'x')).toBe(false);
    status = 200;
    const away = { ...mail, from: '', text: '', html: '', headers: {}, envelopeFrom: '' };
    const inbound = { ...away, at: test.clock.at };
    expect(await postInbound('http://127.0.0.1:1/', inbound)).toBe(false);
    const nobody = await startSandbox();
    try {
      expect(nobody.sandbox.reader.canAnswer).toBe(false);
      expect(await nobody.sandbox.reader.reply(mail, 'x')).toBe(false);
    } finally {
      await nobody.stop();
    }
  });
});

describe('the inbox', () => {
  const page = async (url: string, id: string) => (await fetch(`${url}mail/${id}`)).text();

  it('plays answers where somebody takes them', async () => {
    const mail = await sent();
    const html = await page(test.url, mail.id);
    for (const value of ['reply', 'outOfOffice', 'block'])
      expect(html).toContain(`value="${value}"`);
    const play = (what: string) =>
      fetch(`${test.url}mail/${mail.id}/play`, {
        method: 'POST',
        body: new URLSearchParams({ play: what }),
        redirect: 'manual',
      });
    const before = forms.length;
    for (const what of ['reply', 'outOfOffice', 'block']) {
      const response = await play(what);
      expect(response.headers.get('location')).not.toContain('nothing');
    }
    expect(forms).toHaveLength(before + 2);
    status = 503;
    expect((await play('reply')).headers.get('location')).toContain('nothing');
    status = 200;
  });

  it('offers none where nobody does', async () => {
    const other = await startSandbox();
    try {
      const mail = await other.mail();
      const html = await page(other.url, mail?.id ?? '');
      expect(html).not.toContain('value="reply"');
      expect(html).toContain('value="block"');
    } finally {
      await other.stop();
    }
  });
});
