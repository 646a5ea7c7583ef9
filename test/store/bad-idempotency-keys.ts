import { copyOf } from './copy-of.ts';

const key_hash = 'f'.repeat(64);

/** What the database refuses of answers that are kept under a key. */
export const badIdempotencyKeys: Readonly<Record<string, readonly string[]>> = {
  idempotency_key_answer: [
    { recorded: null },
    { recorded: true, refusal: 'answered already' },
    { recorded: false, refusal: 'out of order' },
  ].map(changes => copyOf('idempotency_key', { key_hash, ...changes })),
  idempotency_key_hashes: [
    copyOf('idempotency_key', { key_hash: 'a key that says who' }),
    copyOf('idempotency_key', { key_hash: 'F'.repeat(64) }),
    copyOf('idempotency_key', { key_hash, request_hash: '{"answer": "won"}' }),
  ],
  idempotency_key_refusal: [
    copyOf('idempotency_key', { key_hash, recorded: null, refusal: 'Ada said no' }),
  ],
  idempotency_key_stands: [
    `UPDATE idempotency_key SET recorded = false`,
    `UPDATE idempotency_key SET at = at + interval '23 hours 59 minutes'`,
    `UPDATE idempotency_key SET key_hash = '${key_hash}', at = at + interval '24 hours'`,
  ],
};
