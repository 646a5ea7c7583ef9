import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A post as it arrived. */
export interface Post {
  body: Buffer;
  headers: Record<string, unknown>;
}

export interface TestEvent extends Record<string, unknown> {
  event: string;
  email: string;
  timestamp: number;
  sg_event_id: string;
  sg_message_id: string;
}

/** Where a sandbox posts to: takes what it is told to take, and keeps it. */
export async function startReceiver() {
  const posts: Post[] = [];
  let refusals = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (refusals > 0) {
        refusals -= 1;
        refused += 1;
        response.writeHead(503).end();
        return;
      }
      posts.push({ body: Buffer.concat(parts), headers: request.headers });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    posts,
    /** Answers the next posts with 503. */
    refuse: (times: number) => (refusals = times),
    get refused() {
      return refused;
    },
    /** The events of all posts since the last time, in the order in which they came. */
    events: () =>
      posts.splice(0).flatMap(({ body }) => JSON.parse(body.toString('utf8')) as TestEvent[]),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
