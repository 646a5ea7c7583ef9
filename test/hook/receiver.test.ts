import { createServer, type Server } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HookId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { HookGateway } from '../../hook/receiver.ts';
import { newId } from '../../store/database.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';
import {
  hookSecret as secret,
  startHookReceiver,
  status,
  type TestHookReceiver,
} from './hook-receiver.ts';

let receiver: TestHookReceiver;
beforeAll(async () => {
  receiver = await startHookReceiver();
});
beforeEach(() => {
  receiver.heard.length = 0;
  receiver.answer();
});
afterAll(() => receiver.stop());

const payload = { type: 'escalation.accepted', data: { lead: { first_name: 'Žofie' } } };

function post(url = receiver.url, mayBePrivate = true, within = 5_000) {
  const id = newId<HookId>();
  return new HookGateway({ url, secret, mayBePrivate }, within).post(id, payload, realClock.now());
}

describe('a webhook', () => {
  it('is signed as the library verifies it, and taken by 2xx (P12)', async () => {
    expect(await post()).toEqual({ kind: 'taken' });
    receiver.answer(status(202));
    expect(await post()).toEqual({ kind: 'taken' });
    expect(receiver.heard).toEqual([
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, payload },
      { id: expect.any(String) as string, payload },
    ]);
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
    const signature = new Webhook(secret).sign('a', new Date(), 'x');
    const headers = {
      'webhook-id': 'a',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': signature,
    };
    expect(() => other.verify('x', headers)).toThrow('No matching signature');
  });

  it('goes to whom it is for alone: a redirect is not followed', async () => {
    const elsewhere = await startHookReceiver();
    for (const code of [301, 302, 307, 308]) {
      receiver.answer(status(code, { location: elsewhere.url }));
      expect(await post()).toEqual({ kind: 'failed', code: 'redirect' });
    }
    expect(elsewhere.heard).toEqual([]);
    elsewhere.stop();
  });

  it.each([
    [410, { kind: 'gone' }],
    [400, { kind: 'failed', code: 'status 400' }],
    [429, { kind: 'failed', code: 'status 429' }],
    [500, { kind: 'failed', code: 'status 500' }],
  ])('answered %i', async (code, answer) => {
    receiver.answer(status(code));
    expect(await post()).toEqual(answer);
  });

  it('ends in time, whether its receiver says nothing or never comes to an end', async () => {
    receiver.answer(() => undefined);
    const begun = performance.now();
    expect(await post(receiver.url, true, 100)).toEqual({ kind: 'failed', code: 'timeout' });
    receiver.answer(response => response.writeHead(200).write('and '));
    expect(await post(receiver.url, true, 100)).toEqual({ kind: 'taken' });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('reads 64 kB of an answer of 10 MB, and has been taken', async () => {
    let written = 0;
    const isClosed = new Promise(resolve => {
      receiver.answer(response => {
        response.on('close', resolve).writeHead(200);
        const more = (): void => {
          while (written < 10_000_000) {
            written += 10_000;
            if (!response.write('x'.repeat(10_000))) return void response.once('drain', more);
          }
          response.end();
        };
        more();
      });
    });
    expect(await post()).toEqual({ kind: 'taken' });
    await isClosed;
    // What the connection's own buffers hold is sent before anybody reads.
    expect(written).toBeLessThan(10_000_000);
  });

  it('names what kept it from arriving', async () => {
    const [closed = 0] = await freePorts(1);
    expect(await post(`http://127.0.0.1:${closed}/`)).toEqual({ kind: 'failed', code: 'refused' });
    expect(await post('http://nobody.invalid/')).toEqual({ kind: 'failed', code: 'dns' });
    expect(await post(receiver.url.replace('http:', 'https:'))).toEqual({
      kind: 'failed',
      code: 'tls',
    });
    const rude: Server = createServer(socket => socket.destroy());
    const [port = 0] = await freePorts(1);
    await new Promise<void>(resolve => rude.listen(port, '127.0.0.1', resolve));
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'failed', code: 'cut off' });
    rude.close();
  });

  it('says when too many are under way, for others to have room', async () => {
    const gateway = new HookGateway({ url: receiver.url, secret, mayBePrivate: true }, 300);
    receiver.answer(...Array.from({ length: 16 }, () => () => undefined));
    const all = Array.from({ length: 16 }, () => {
      expect(gateway.hasRoom).toBe(true);
      return gateway.post(newId<HookId>(), payload, realClock.now());
    });
    expect(gateway.hasRoom).toBe(false);
    await Promise.all(all);
    expect(gateway.hasRoom).toBe(true);
  });
});

describe('a private address', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    'localhost',
  ])('%s is refused before anything is sent', async host => {
    expect(await post(`http://${host}:${receiver.port}/hooks`, false)).toEqual({
      kind: 'failed',
      code: 'private address',
    });
    expect(receiver.heard).toEqual([]);
  });

  it('is posted to where it is allowed, by its name as well', async () => {
    expect(await post(receiver.url.replace('127.0.0.1', 'localhost'))).toEqual({ kind: 'taken' });
  });
});
