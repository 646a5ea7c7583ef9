import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const hookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A webhook as it arrived, and its signature found to be right. */
export interface Heard {
  id: string;
  payload: unknown;
}

/**
 * A system on this machine that is told of transitions.
 * @param host where it listens
 */
export async function startHookReceiver(host = '127.0.0.1') {
  const heard: Heard[] = [];
  const webhook = new Webhook(hookSecret);
  let answers: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const payload = webhook.verify(Buffer.concat(parts), headers);
      heard.push({ id: headers['webhook-id'] ?? '', payload });
      const answer = answers.shift() ?? (it => it.writeHead(204).end());
      answer(response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    heard,
    /** How it answers the next posts, in order; 204 after that. */
    answer: (...next: ((response: ServerResponse) => void)[]) => (answers = next),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type TestHookReceiver = Awaited<ReturnType<typeof startHookReceiver>>;

/** Answers with a status alone. */
export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();
