import { createHmac } from 'node:crypto';
import type { KeyedPost } from '../store/idempotency-key.ts';
import type { Asked } from './endpoint.ts';

const longest = 255;
/** A text as RFC 9651 writes one in a header: in quotes, with `\` before what would end it. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const bare = /^[\x21\x23-\x7e][\x20-\x7e]*$/;

/** The header as an OpenAPI parameter. */
export const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Names the post, so that it may be sent again when its answer was lost: for 24 hours the same post under the same key ' +
    'does nothing more and is answered as the first time, with `Idempotent-Replayed: true`.',
  schema: { type: 'string', minLength: 1, maxLength: longest },
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
};

/**
 * The key that a post came with, by the IETF's draft of the header `Idempotency-Key`: a text in quotes, or as most send
 * it, without. Null when it came with none.
 */
function keyOf(values: readonly string[]): { key: string | null } | { problem: string } {
  const [value, another] = values;
  if (value === undefined) return { key: null };
  if (another !== undefined) return { problem: 'send one Idempotency-Key, not several' };
  const key = bare.test(value) ? value : quoted.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1');
  if (key === undefined || key === '')
    return {
      problem:
        'the Idempotency-Key must be a text of ASCII letters, digits and signs, in quotes or without, such as a UUID',
    };
  return key.length > longest
    ? { problem: `the Idempotency-Key has ${key.length} letters; it may have ${longest}` }
    : { key };
}

/**
 * What an answer is kept under; null when the post came without a key. Both hashes are made with the API key: what
 * another client calls its posts is another key, and nobody guesses a post from its hash.
 * @param item what was posted, as it was understood: the order of its fields and what says nothing make no difference
 */
export function keyedPost(
  { path, headers }: Asked,
  item: object,
  apiKey: string,
): { post: KeyedPost | null } | { problem: string } {
  const read = keyOf(headers['idempotency-key'] ?? []);
  if ('problem' in read) return read;
  if (read.key === null) return { post: null };
  const hash = (...parts: readonly unknown[]) =>
    createHmac('sha256', apiKey).update(JSON.stringify(parts)).digest('hex');
  const said = Object.entries(item)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    post: {
      keyHash: hash('lockstep idempotency key', read.key),
      requestHash: hash('lockstep idempotent request', 'POST', path, said),
    },
  };
}
