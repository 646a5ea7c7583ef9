import { createHash } from 'node:crypto';
import type { WhatHappened } from '../../store/what-happened.ts';

/**
 * What happened as one short name: two rehearsals with the same digest did the same to the same leads in
 * the same milliseconds. What they began with is not in it.
 * @returns 16 hexadecimal digits, the beginning of a SHA-256
 */
export function digestOf(told: WhatHappened): string {
  const lists = [
    told.mails.map(({ lead, at, sequence, step, state }) => [lead, at, sequence, step, state]),
    told.scores.map(({ lead, at, grade }) => [lead, at, grade]),
    told.escalations.map(({ lead, at, grade, cause, owner, acceptDueAt, endedAt }) => [
      ...[lead, at, grade, cause, owner],
      ...[acceptDueAt, endedAt],
    ]),
    told.enrollments.map(({ lead, at, sequence, segment, endedAt, endReason }) => [
      ...[lead, at, sequence, segment],
      ...[endedAt, endReason],
    ]),
    told.answers.map(({ lead, at, kind, reason, by }) => [lead, at, kind, reason, by]),
  ].map(inOneOrder);
  return createHash('sha256').update(JSON.stringify(lists)).digest('hex').slice(0, 16);
}

/** Two databases may order what fell on one moment by other alphabets. */
function inOneOrder(list: readonly (string | number | null)[][]): string[] {
  return list.map(entry => JSON.stringify(entry)).toSorted();
}
