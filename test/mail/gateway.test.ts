import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { MailGateway, type OutgoingMail } from '../../mail/gateway.ts';

const mail: OutgoingMail = {
  to: 'ada@example.com',
  from: { name: 'Nora', address: 'nora@example.com' },
  subject: 's',
  html: '<p>h</p>',
  text: 't',
  headers: {},
  customArgs: {},
  categories: [],
  countClicks: true,
};

it('a connection is used again, and closed by us before the other side would', async () => {
  let connections = 0;
  // The other side never closes a connection by itself, so whoever closes it here is the gateway.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(202, { 'x-message-id': 'id' }).end());
  });
  const closed = new Promise<void>(resolve =>
    server.on('connection', socket => {
      connections += 1;
      socket.once('close', resolve);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gateway = new MailGateway('SG.x', `http://127.0.0.1:${port}/`);
  for (let n = 0; n < 3; n++)
    expect(await gateway.send(mail)).toEqual({ kind: 'accepted', providerId: 'id' });
  expect(connections).toBe(1);
  await closed;
  expect((await gateway.send(mail)).kind).toBe('accepted');
  expect(connections).toBe(2);
  server.closeAllConnections();
  server.close();
});
