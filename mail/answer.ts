import { instant, type Instant } from '../domain/instant.ts';

/**
 * What an attempt to send came to. SendGrid knows no idempotency key, so what matters is whether
 * the mail may have left: only a proof that it did not allows another attempt.
 */
export type Answer =
  /** It left. */
  | { kind: 'accepted'; providerId: string | null }
  /** It did not and will not: this mail is refused. `badAddress` when the address is why. */
  | { kind: 'refused'; reason: string; badAddress: boolean }
  /** It did not; any mail may be tried again from then on. Real time. */
  | { kind: 'wait'; until: Instant | null }
  /** It did not, and no mail will until somebody mends the account or the key. */
  | { kind: 'account'; status: number }
  /** It did not: nobody was there to take it. */
  | { kind: 'unreachable'; code: string }
  /** It may have. It is never sent again; events settle it. */
  | { kind: 'unknown'; reason: string };

type Headers = Record<string, string | undefined>;

/** An answer with a status of 2xx. */
export function answerOf(status: number, headers: Headers): Answer {
  if (status >= 200 && status < 300)
    return { kind: 'accepted', providerId: headers['x-message-id'] ?? null };
  return { kind: 'unknown', reason: `status ${status}` };
}

/** Names of network failures after which nothing can have arrived. */
const neverArrived = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** An error of the client: another status, or no answer at all. */
export function failureOf(error: unknown): Answer {
  const { code, response, message } = error as {
    code?: number | string;
    response?: { headers?: Headers; body?: unknown };
    message?: string;
  };
  if (typeof code === 'number') return statusOf(code, response?.headers ?? {}, response?.body);
  const name = code ?? message ?? 'unknown error';
  return neverArrived.has(name)
    ? { kind: 'unreachable', code: name }
    : { kind: 'unknown', reason: name };
}

function statusOf(status: number, headers: Headers, body: unknown): Answer {
  switch (status) {
    case 429: {
      const reset = Number(headers['x-ratelimit-reset']);
      return { kind: 'wait', until: reset > 0 ? instant(reset * 1000) : null };
    }
    case 401:
    case 403:
    case 404:
      return { kind: 'account', status };
    default:
      // A server's fault may come before or after the mail was taken: nothing tells which.
      if (status >= 500 || status < 400) return { kind: 'unknown', reason: `status ${status}` };
      return { kind: 'refused', ...complaint(status, body) };
  }
}

/**
 * What the service complains of. The body is JSON with a list of errors, or any text from a proxy in
 * between; the field is kept, the message is not, because it may quote the address.
 */
function complaint(status: number, body: unknown): { reason: string; badAddress: boolean } {
  const errors = (body as { errors?: { field?: string | null }[] } | null | undefined)?.errors;
  const field = Array.isArray(errors) ? (errors[0]?.field ?? null) : null;
  return {
    reason: field === null ? `status ${status}` : `status ${status}: ${field}`,
    badAddress: field !== null && /^personalizations\.\d+\.to/.test(field),
  };
}
