import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections, maxAhead } from '../../http/connections.ts';
import { Sender } from './sender.ts';

/** More than fits between a server and a client that does not read. */
const large = Buffer.alloc(20 * 1024 * 1024, 'x');
const ask = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

let server: Server;
let senders: Sender[] = [];
afterEach(() => {
  for (const { socket } of senders) socket.destroy();
  senders = [];
  server.close();
});

async function serve(listener: RequestListener) {
  const connections = new Connections();
  server = connections.serve(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = async () => {
    const sender = await new Sender({ port }).opened();
    senders.push(sender);
    return sender;
  };
  return { connections, open };
}

describe('a server that stops', () => {
  it('sends an answer to its end that was made before, and waits ten seconds for whoever reads none', async () => {
    let asked = 0;
    const { connections, open } = await serve((_request, response) => {
      asked += 1;
      response.end(large);
    });
    const [slow, never] = [await open(), await open()];
    for (const { socket } of [slow, never]) socket.pause();
    slow.say(ask);
    never.say(ask);
    while (asked < 2) await sleep(10);
    const closed = new Promise<void>(resolve => server.once('close', resolve));
    connections.stop();
    server.close();
    await sleep(100);
    slow.socket.resume();
    await slow.closed;
    expect(slow.said.length).toBeGreaterThan(large.length);
    await closed;
  });
});

describe('a connection', () => {
  it('is closed when it is asked too much before it has been answered', async () => {
    let asked = 0;
    const { open } = await serve(() => (asked += 1));
    const sender = await open();
    sender.say(ask.repeat(1_000));
    await sender.closed;
    expect(asked).toBe(maxAhead);
  });

  it('may be asked ahead a little, and is answered in order', async () => {
    const { open } = await serve((request, response) => response.end(request.url));
    const sender = await open();
    const paths = Array.from({ length: maxAhead }, (_, n) => `/${n}.`);
    sender.say(paths.map(path => ask.replace('/', path)).join(''));
    while (!sender.said.includes(paths.at(-1) ?? '')) await sleep(10);
    expect(sender.said.match(/^\/\d+\./gm)).toEqual(paths);
  });
});
