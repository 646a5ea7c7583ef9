import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../engine/clock.ts';
import { linksOf, withCountedLinks } from '../../sandbox/sendgrid/links.ts';
import { Outbox } from '../../sandbox/sendgrid/outbox.ts';
import type { Sandbox } from '../../sandbox/sendgrid/server.ts';
import { startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
let sandbox: Sandbox;
let url: string;

beforeAll(async () => {
  test = await startSandbox({ clock: realClock });
  ({ sandbox, url } = test);
});
afterAll(() => test.stop());

function service(key = 'SG.right'): MailService {
  const client = new Client();
  client.setApiKey(key);
  client.setDefaultRequest('baseUrl', url);
  const mail = new MailService();
  mail.setClient(client);
  return mail;
}
const mail = (more: object = {}) => ({
  to: 'ada@example.com',
  from: 'nora@example.com',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello <a href="https://a.example/1">one</a></p>',
  customArgs: { send_id: 'send-1', enrollment_id: 'enrollment-1', step: 'first' },
  categories: ['c-nurture'],
  ...more,
});

describe('the SendGrid on this machine', () => {
  it('answers the official client as the real one does', async () => {
    const [response] = await service().send(mail());
    expect(response.statusCode).toBe(202);
    expect(response.headers).toHaveProperty('x-message-id');
    expect(response.body).toBe('');
  });

  it('refuses a wrong key, in the real form', async () => {
    await expect(service('SG.wrong').send(mail())).rejects.toMatchObject({
      code: 401,
      response: { body: { errors: [{ field: null }] } },
    });
  });

  it.each([
    [{ to: 'nobody' }, 'personalizations.0.to.0.email'],
    [{ subject: '' }, 'subject'],
    [{ from: 'nobody' }, 'from.email'],
    [{ categories: Array.from({ length: 11 }, String) }, 'categories'],
    [{ customArgs: { a: 'x'.repeat(10_001) } }, 'custom_args'],
  ])('refuses %j, and names the field', async (more, field) => {
    await expect(service().send(mail(more))).rejects.toMatchObject({
      code: 400,
      response: { body: { errors: [{ field }] } },
    });
  });

  it('refuses custom arguments that are no texts', async () => {
    const body = {
      personalizations: [{ to: [{ email: 'a@b.example' }] }],
      from: { email: 'n@b.example' },
      subject: 's',
      content: [{ type: 'text/plain', value: 'x' }],
      custom_args: { n: 1 },
    };
    const response = await fetch(`${url}v3/mail/send`, {
      method: 'POST',
      headers: { authorization: 'Bearer SG.right', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ field: 'custom_args.n' }] },
    ]);
  });

  it('shows what was sent, and plays what a reader does', async () => {
    const [response] = await service().send(mail({ subject: '<b>Bold</b>' }));
    const id = (response.headers as Record<string, string>)['x-message-id'] ?? '';
    const page = await (await fetch(`${url}mail/${id}`)).text();
    expect(page).toContain('&lt;b>Bold');
    expect(page).toContain('Click a.example/1');
    expect(await (await fetch(`${url}mail/${id}/body`)).text()).toContain(`/click/${id}/0`);
    expect(await (await fetch(url)).text()).toContain(`/mail/${id}`);
    const click = await fetch(`${url}click/${id}/0`, { redirect: 'manual' });
    // The site is made up, so there is nowhere to lead on to.
    expect([click.status, await click.text()]).toEqual([
      200,
      expect.stringContaining('That was a click'),
    ]);
    const html = '<a href="https://sendgrid.com/pricing">a real site</a>';
    const [real] = await service().send(mail({ html }));
    const realId = (real.headers as Record<string, string>)['x-message-id'] ?? '';
    const away = await fetch(`${url}click/${realId}/0`, { redirect: 'manual' });
    expect([away.status, away.headers.get('location')]).toEqual([
      302,
      'https://sendgrid.com/pricing',
    ]);
    await test.told();
    for (const play of ['open', 'bounce', 'complain', 'scan', 'click 0'])
      await fetch(`${url}mail/${id}/play`, {
        method: 'POST',
        body: new URLSearchParams({ play }),
        redirect: 'manual',
      });
    const events = (await test.told()).map(({ event }) => event);
    expect(events).toEqual(['open', 'bounce', 'spamreport', 'click', 'click']);
    expect((await fetch(`${url}mail/nothing`)).status).toBe(404);
  });

  it('counts what left by enrollment and step', async () => {
    const report = (await (await fetch(`${url}sandbox/report`)).json()) as {
      accepted: number;
      repeated: unknown[];
    };
    expect(report.accepted).toBe(sandbox.outbox.count);
    expect(report.repeated).toEqual([
      { enrollment: 'enrollment-1', step: 'first', times: sandbox.outbox.count },
    ]);
  });

  it('remembers every mail it answered for, also after it was killed while writing', () => {
    const file = join(test.folder, 'outbox.jsonl');
    appendFileSync(file, '{"id":"half');
    const again = new Outbox(file);
    expect(again.count).toBe(sandbox.outbox.count);
    const [newest] = again.find('');
    expect(again.read(newest?.id ?? '')).toEqual(sandbox.outbox.read(newest?.id ?? ''));
    const added = {
      ...(sandbox.outbox.read(newest?.id ?? '') as never as object),
      id: 'after',
    } as never;
    again.add(added);
    expect(new Outbox(file).read('after')).toMatchObject({ id: 'after' });
  });
});

describe('links', () => {
  const html =
    '<a href="https://a.example/?x=1&amp;y=2">1</a><a href="mailto:x@y">2</a><a href="https://u.example" clicktracking="off">3</a><a class="hp" href="https://h.example" style="display:none">4</a>';

  it('are counted by their place, but for those that ask not to be', () => {
    expect(linksOf(html)).toEqual([
      { url: 'https://a.example/?x=1&y=2', index: 0, isCounted: true, isHidden: false },
      { url: 'https://u.example', index: 2, isCounted: false, isHidden: false },
      { url: 'https://h.example', index: 3, isCounted: true, isHidden: true },
    ]);
    expect(withCountedLinks(html, ({ index }) => `/c/${index}`)).toBe(
      html.replace('https://a.example/?x=1&amp;y=2', '/c/0').replace('https://h.example', '/c/3'),
    );
  });
});
