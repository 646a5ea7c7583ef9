import { day, plus, type Instant } from '../domain/instant.ts';
import type { AnswerRefusal, Recorded } from './answer.ts';
import { sql, type Session } from './database.ts';

/** A post that came with an Idempotency-Key. Both are hashes, in hexadecimal. */
export interface KeyedPost {
  keyHash: string;
  /** Of all that the post says, and where to. */
  requestHash: string;
}

/** What is answered to a post under a key instead of carrying it out. */
export type Kept =
  /** What it was answered the first time. */
  | (Recorded & { isReplay: true })
  /** Nothing: the first is not answered yet, or it was another post that the key stands for. */
  | { key: 'under way' | 'used otherwise' };

/** How long an answer is kept. The trigger `idempotency_key_stands` says the same. */
const keptMs = day;

/** What was answered under a key within a day; null when it stands for nothing. */
export async function keptAnswer(
  session: Session,
  { keyHash, requestHash }: KeyedPost,
  at: Instant,
): Promise<Kept | null> {
  const row = await session.idempotencyKey.findUnique({
    where: { keyHash, at: { gt: new Date(plus(at, -keptMs)) } },
  });
  if (row === null) return null;
  if (row.requestHash !== requestHash) return { key: 'used otherwise' };
  return row.recorded === null
    ? { refused: row.refusal as AnswerRefusal, isReplay: true }
    : { recorded: row.recorded, isReplay: true };
}

/**
 * Carries a post out, once for its key; to be called in the transaction that carries it out.
 *
 * Why it holds: what the post does and the row of its key are committed together, so there is never the one without the
 * other, whichever process is killed and whenever. Of two at the same moment one has the lock, which is the key's, and the
 * other is told so instead of waiting: that is the whole of being under way, so there is no row of it that a crash could
 * leave behind, because PostgreSQL frees the lock with the transaction. The lock is freed after the commit can be seen, and
 * each statement sees what was committed before it: who gets the lock second finds the first one's answer. Should two keys
 * share a lock, one of them is told to come again, and no more.
 *
 * What is kept is how the post was answered: taken, or refused for where the escalation stood. What could not be
 * understood, or is of no escalation, did nothing and is not kept, so it may be mended under its key.
 */
export async function answerOnce(
  session: Session,
  post: KeyedPost,
  work: () => Promise<Recorded>,
  at: Instant,
): Promise<Recorded | Kept> {
  const [lock] = await session.$queryRaw<{ isOurs: boolean }[]>(sql`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${post.keyHash}, 0)) AS "isOurs"`);
  if (lock?.isOurs !== true) return { key: 'under way' };
  const kept = await keptAnswer(session, post, at);
  if (kept !== null) return kept;
  const answer = await work();
  if ('recorded' in answer || answer.refused !== 'unknown') await keep(session, post, answer, at);
  return answer;
}

async function keep(
  session: Session,
  { keyHash, requestHash }: KeyedPost,
  answer: Recorded,
  at: Instant,
): Promise<void> {
  const recorded = 'recorded' in answer ? answer.recorded : null;
  const refusal = 'refused' in answer ? answer.refused : null;
  await session.$executeRaw(sql`
    INSERT INTO idempotency_key (key_hash, request_hash, recorded, refusal, at)
    VALUES (${keyHash}, ${requestHash}, ${recorded}::boolean, ${refusal}::text, moment(${at}::bigint))
    ON CONFLICT (key_hash) DO UPDATE
    SET request_hash = excluded.request_hash, recorded = excluded.recorded, refusal = excluded.refusal, at = excluded.at`);
  // More go than come, so there are never more than a day brings for long. Those that another is taking away already are
  // left to it. How many is written out, because a plan that is made for any number reads all there are.
  await session.$executeRaw(sql`
    DELETE FROM idempotency_key WHERE key_hash IN (
      SELECT key_hash FROM idempotency_key WHERE at <= moment(${plus(at, -keptMs)}::bigint)
      ORDER BY at LIMIT 20 FOR UPDATE SKIP LOCKED)`);
}
