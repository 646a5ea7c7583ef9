import { createVerify } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { v7 } from 'uuid';
import { environment } from '../../config.ts';
import { readPublicKey, signatureHeader, timestampHeader } from '../../http/signature.ts';
import { untilToldToStop } from '../../lifecycle.ts';
import { naturalHash } from '../../store/event.ts';

/**
 * A webhook that verifies a post, inserts its events as they are into a table of the same columns, keys and
 * indexes, and answers. It does not ask whose they are, what they change, or who is to be told.
 */
const env = environment();
const key = readPublicKey(env.SENDGRID_WEBHOOK_PUBLIC_KEY ?? '');
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 20 });
await pool.query('CREATE TABLE IF NOT EXISTS bare_event (LIKE event INCLUDING ALL)');

async function store(body: Buffer): Promise<void> {
  const events = JSON.parse(body.toString()) as Record<string, unknown>[];
  const rows = events.map(event => ({
    ...event,
    id: v7(),
    hash: naturalHash(JSON.stringify([event.send_id, event.event, event.timestamp])),
  }));
  await pool.query({
    name: 'insert',
    text: `INSERT INTO bare_event (id, provider_key, natural_hash, send_id, kind, at, received_at)
      SELECT id, sg_event_id, hash, send_id, event, to_timestamp("timestamp"), now()
      FROM json_to_recordset($1::json) AS e(
        id uuid, sg_event_id text, hash uuid, send_id uuid, event text, "timestamp" bigint)
      ON CONFLICT DO NOTHING`,
    values: [JSON.stringify(rows)],
  });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk as Buffer));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const isValid = createVerify('sha256')
      .update(String(request.headers[timestampHeader]))
      .update(body)
      .verify(key, String(request.headers[signatureHeader]), 'base64');
    if (!isValid) {
      response.writeHead(401).end();
      return;
    }
    store(body).then(
      () => response.writeHead(204).end(),
      () => response.writeHead(500).end(),
    );
  });
});
server.listen(Number(env.BARE_PORT), '127.0.0.1', () =>
  untilToldToStop(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await pool.end();
  }),
);
