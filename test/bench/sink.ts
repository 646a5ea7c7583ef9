import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilToldToStop } from '../../lifecycle.ts';
import { environment } from '../../config.ts';

/** A SendGrid that takes every mail after a while and tells nothing of it: what a mail costs is ours alone. */
const env = environment();
const latencyMs = Number(env.SINK_LATENCY ?? 0);
interface Taken {
  at: number;
  sequence: string;
  /** The ledger's id of it; empty for a mail to a rep. */
  send: string;
}
const taken: Taken[] = [];
let waiting: (() => void)[] = [];

const server = createServer((request, response) => {
  if (request.url === '/taken') {
    response.end(JSON.stringify(taken));
    return;
  }
  if (request.url === '/count') {
    response.end(String(taken.length));
    return;
  }
  // Answered with the next mail: whoever asks again and again takes time from what is measured.
  if (request.url === '/next') {
    waiting.push(() => response.end());
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk as Buffer));
  request.on('end', () => {
    void sleep(latencyMs).then(() => {
      const mail = JSON.parse(Buffer.concat(chunks).toString()) as {
        categories?: string[];
        custom_args?: { send_id?: string };
      };
      taken.push({
        at: Date.now(),
        sequence: mail.categories?.[0] ?? '',
        send: mail.custom_args?.send_id ?? '',
      });
      for (const answer of waiting) answer();
      waiting = [];
      response.writeHead(202, { 'x-message-id': `sink-${taken.length}-${process.pid}` }).end();
    });
  });
});
server.listen(Number(env.SINK_PORT), '127.0.0.1', () =>
  untilToldToStop(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }),
);
