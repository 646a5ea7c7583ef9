import { createPrivateKey, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';
import { z } from 'zod';
import { signedHeaders } from '../../sandbox/sendgrid/signature.ts';

/**
 * A mail provider that posts as fast as it is answered. What to post comes by standard input as JSON; it
 * makes and signs every post first, and writes to standard output how long they took and what was answered.
 */
const { url, posts, size, clicks, latest, connections, privateKey, sends } = z
  .object({
    url: z.url(),
    posts: z.number(),
    size: z.number(),
    /** The share of clicks; all else is what mails go through. */
    clicks: z.number(),
    /** When the latest of them happened, in seconds since 1970. */
    latest: z.number(),
    connections: z.number(),
    privateKey: z.string(),
    /** The sends that the events are about, and whom they went to. */
    sends: z.array(z.object({ id: z.uuid(), address: z.string() })),
  })
  .parse(JSON.parse(await text(process.stdin)));

const key = createPrivateKey(privateKey);
const at = Date.now();
const run = randomUUID();
let made = 0;

function event(): object {
  made += 1;
  const send = sends[made % sends.length] ?? { id: '', address: '' };
  const isClick = Math.floor(made * clicks) > Math.floor((made - 1) * clicks);
  return {
    email: send.address,
    // A second apart, because the same in the same second counts as the same.
    timestamp: latest - Math.floor(made / sends.length),
    'smtp-id': `<${send.id}@geopod-ismtpd-1>`,
    event: isClick ? 'click' : (['processed', 'delivered', 'open'] as const)[made % 3],
    category: 'c-nurture',
    sg_event_id: `${run}-${made}`,
    sg_message_id: `sink-${send.id}.recvd-5f4c-1-000-0`,
    send_id: send.id,
    useragent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
    ip: '203.0.113.7',
    ...(isClick ? { url: `https://northwind.example/guide/${made}` } : {}),
  };
}

const ready = Array.from({ length: posts }, () => {
  const body = Buffer.from(`${JSON.stringify(Array.from({ length: size }, event))}\r\n`);
  return { body, headers: signedHeaders(key, at, body) };
});

const { origin, pathname: path } = new URL(url);
const pool = new Pool(origin, { connections });
const statuses: Record<number, number> = {};
const began = performance.now();
const queue = ready.values();
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (const { body, headers } of queue) {
      const response = await pool.request({
        path,
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      await response.body.dump();
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
    }
  }),
);
process.stdout.write(
  JSON.stringify({ seconds: (performance.now() - began) / 1_000, statuses, events: made }),
);
await pool.close();
