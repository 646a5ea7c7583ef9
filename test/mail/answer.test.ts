import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MailGateway, type OutgoingMail } from '../../mail/gateway.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const mail: OutgoingMail = {
  to: 'ada@example.com',
  from: { name: 'Nora', address: 'nora@example.com' },
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: { 'List-Unsubscribe': '<https://a.example/u/x>' },
  customArgs: { send_id: '1' },
  categories: ['c'],
  countClicks: true,
};

/** A service that answers the way a test wants. */
async function answering(
  handle: (
    respond: (status: number, body?: string, headers?: Record<string, string>) => void,
    socket: { destroy: () => void },
    body: string,
  ) => void,
) {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () =>
      handle(
        (status, text = '', headers = {}) => response.writeHead(status, headers).end(text),
        request.socket,
        body,
      ),
    );
  });
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new MailGateway('SG.key', `http://127.0.0.1:${port}/`).send(mail);
}

const json = { 'content-type': 'application/json' };

describe('an answer of the provider', () => {
  it('202 says that it left, and under which id', async () => {
    expect(await answering(respond => respond(202, '', { 'x-message-id': 'abc' }))).toEqual({
      kind: 'accepted',
      providerId: 'abc',
    });
    expect(await answering(respond => respond(202))).toEqual({
      kind: 'accepted',
      providerId: null,
    });
  });

  it('429 says from when on to try again', async () => {
    expect(
      await answering(respond =>
        respond(429, '{}', { ...json, 'x-ratelimit-reset': '1772438400' }),
      ),
    ).toEqual({ kind: 'wait', until: 1_772_438_400_000 });
    expect(await answering(respond => respond(429))).toEqual({ kind: 'wait', until: null });
  });

  it.each([401, 403, 404])(
    '%i says that no mail will leave until somebody mends the account',
    async status => {
      expect(await answering(respond => respond(status, '{"errors":[]}', json))).toEqual({
        kind: 'account',
        status,
      });
    },
  );

  it.each([400, 413, 422])(
    '%i says that this mail never will, without quoting it',
    async status => {
      const body = JSON.stringify({
        errors: [
          { message: 'ada@example.com is bad', field: 'personalizations.0.to.0.email', help: null },
        ],
      });
      expect(await answering(respond => respond(status, body, json))).toEqual({
        kind: 'refused',
        reason: `status ${status}: personalizations.0.to.0.email`,
        badAddress: true,
      });
      expect(
        await answering(respond =>
          respond(status, '<html>ada@example.com</html>', { 'content-type': 'text/html' }),
        ),
      ).toEqual({ kind: 'refused', reason: `status ${status}`, badAddress: false });
    },
  );

  it.each([500, 502, 503])(
    '%i says nothing of whether it left, so it is never sent again',
    async status => {
      expect(
        await answering(respond =>
          respond(status, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }),
        ),
      ).toEqual({ kind: 'unknown', reason: `status ${status}` });
    },
  );

  it('that never comes says nothing of whether it left', async () => {
    expect(await answering((_respond, socket) => socket.destroy())).toMatchObject({
      kind: 'unknown',
    });
  });

  it('is not needed to know that nobody was there', async () => {
    const [port = 0] = await freePorts(1);
    expect(await new MailGateway('SG.key', `http://127.0.0.1:${port}/`).send(mail)).toEqual({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    });
  });

  it('is to a whole mail: sender, both parts in order, its own id, a way to leave', async () => {
    let sent: Record<string, unknown> = {};
    await answering((respond, _socket, body) => {
      sent = JSON.parse(body) as Record<string, unknown>;
      respond(202);
    });
    expect(sent).toMatchObject({
      personalizations: [{ to: [{ email: 'ada@example.com' }] }],
      from: { email: 'nora@example.com', name: 'Nora' },
      content: [{ type: 'text/plain' }, { type: 'text/html' }],
      custom_args: { send_id: '1' },
      headers: { 'List-Unsubscribe': '<https://a.example/u/x>' },
      tracking_settings: { click_tracking: { enable: true, enable_text: false } },
    });
  });
});
