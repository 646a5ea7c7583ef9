import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AgreementId, AssignmentId, LeadId, PersonId } from '../domain/ids.ts';
import { day, plus, type Instant } from '../domain/instant.ts';

/** What a link lets its bearer do: leave, answer one assignment, or sign one draft. Ids only, nothing personal. */
export type LinkPurpose =
  | { kind: 'unsubscribe'; lead: LeadId }
  | { kind: 'escalation'; assignment: AssignmentId }
  | { kind: 'signing'; agreement: AgreementId; person: PersonId };

/** Why a link is not honored. */
export type LinkRefusal = 'forged' | 'expired';

/** How long a rep's link works, and that of somebody who may sign. An unsubscribe link always does. */
const escalationLinkMs = 30 * day;
const signingLinkMs = 30 * day;

/** Makes and checks the signed links in mails: `/u/<token>`, `/e/<token>` and `/a/<token>`. */
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

  signing(agreement: AgreementId, person: PersonId, at: Instant): string {
    const expiry = plus(at, signingLinkMs);
    const body = `a.${agreement}.${expiry.toString(36)}.${person}`;
    return `${this.#publicUrl}/a/${this.#seal(body)}`;
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
    const [kind, id = '', expiry = '0', whose = ''] = body.split('.');
    const until = parseInt(expiry, 36);
    if (until !== 0 && until < at) return { refused: 'expired' };
    switch (kind) {
      case 'u':
        return { kind: 'unsubscribe', lead: id as LeadId };
      case 'a':
        return { kind: 'signing', agreement: id as AgreementId, person: whose as PersonId };
      default:
        return { kind: 'escalation', assignment: id as AssignmentId };
    }
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
