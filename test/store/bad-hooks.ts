import { copyOf, id } from './copy-of.ts';

/** What each constraint and trigger of webhooks exists to refuse. */
export const badHooks: Readonly<Record<string, readonly string[]>> = {
  hook_attempts: [`UPDATE hook SET attempts = -1`],
  hook_dead_why: [`UPDATE hook SET dead_at = now()`],
  hook_delivered_by_attempt: [
    `UPDATE hook SET delivered_at = now()`,
    `UPDATE hook SET delivered_at = now(), attempts = 1, last_error = 'timeout'`,
  ],
  hook_delivered_once: [
    `UPDATE hook SET delivered_at = now(), attempts = 1; UPDATE hook SET delivered_at = NULL`,
    `UPDATE hook SET delivered_at = now(), attempts = 1; UPDATE hook SET attempts = 2`,
  ],
  hook_error: ['', 'Ada said no', 'ada@example.com'].map(
    error => `UPDATE hook SET last_error = '${error}'`,
  ),
  hook_keeps_what: [
    `UPDATE hook SET kind = 'escalation.won'`,
    `UPDATE hook SET at = at + interval '1 second'`,
    `UPDATE hook SET origin_key = id::text`,
    `UPDATE hook SET escalation_id = (SELECT max(id::text)::uuid FROM escalation)`,
  ],
  hook_kept: [`DELETE FROM hook`],
  hook_kind: ['won', 'escalation.', 'escalation.Won', 'lead.won'].map(kind =>
    copyOf('hook', { id, origin_key: 'x', kind }),
  ),
  hook_origin: [copyOf('hook', { id, origin_key: '' })],
};
