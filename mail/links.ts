import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AssignmentId, LeadId } from '../domain/ids.ts';
import { day, plus, type Instant } from '../domain/instant.ts';

/** What a link lets its bearer do: leave, or answer one assignment. Ids only, nothing personal. */
export type LinkPurpose =
  { kind: 'unsubscribe'; lead: LeadId } | { kind: 'escalation'; assignment: AssignmentId };

/** Why a link is not honored. */
export type LinkRefusal = 'forged' | 'expired';

/** How long a rep's link works. An unsubscribe link always does. */
const escalationLinkMs = 30 * day;

/** Makes and checks the signed links in mails: `/u/<token>` and `/e/<token>`. */
export class Links {
  readonly #publicUrl: string;
  readonly #secret: string;

  constructor(publicUrl: string, secret: string) {
    this.#publicUrl = publicUrl;
    this.#secret = secret;
  }

  unsubscribe(lead: LeadId): string {
    return `${this.#publicUrl}/u/${this.#seal(`u.${lead}.0`)}`;
  }

  escalation(assignment: AssignmentId, at: Instant): string {
    const expiry = plus(at, escalationLinkMs);
    return `${this.#publicUrl}/e/${this.#seal(`e.${assignment}.${expiry.toString(36)}`)}`;
  }

  /** The link that no person sees; only a scanner follows it. */
  honeypot(): string {
    return `${this.#publicUrl}/l/p`;
  }

  /** What a token was made for; a changed, foreign or outdated one is refused. */
  open(token: string, at: Instant): LinkPurpose | { refused: LinkRefusal } {
    const [body, signature] = splitLast(token);
    const expected = this.#signature(body);
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return { refused: 'forged' };
    const [kind, id = '', expiry = '0'] = body.split('.');
    const until = parseInt(expiry, 36);
    if (until !== 0 && until < at) return { refused: 'expired' };
    return kind === 'u'
      ? { kind: 'unsubscribe', lead: id as LeadId }
      : { kind: 'escalation', assignment: id as AssignmentId };
  }

  #seal(body: string): string {
    return `${body}.${this.#signature(body).toString()}`;
  }

  #signature(body: string): Buffer {
    return Buffer.from(createHmac('sha256', this.#secret).update(body).digest('base64url'));
  }
}

function splitLast(token: string): [string, string] {
  const dot = token.lastIndexOf('.');
  return [token.slice(0, Math.max(dot, 0)), token.slice(dot + 1)];
}
