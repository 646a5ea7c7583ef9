import { createHmac, timingSafeEqual } from 'node:crypto';
import type {
  AgreementId,
  AssignmentId,
  LeadId,
  LoginId,
  PersonId,
  ProposalId,
  SendId,
  TaskId,
} from '../domain/ids.ts';
import { day, hour, minute, plus, type Instant } from '../domain/instant.ts';

/**
 * What a link lets its bearer do: leave, say whether to stay in touch, answer one assignment, say that one task is done,
 * sign one draft or one sequence that is proposed, read of one lead, comment on one mail, or log in; and what a cookie
 * says, that its bearer did. Ids only, nothing personal. A mail that is only tried has links for no lead.
 */
export type LinkPurpose =
  | { kind: 'unsubscribe'; lead: LeadId | null }
  | { kind: 'stay'; lead: LeadId | null }
  | { kind: 'escalation'; assignment: AssignmentId }
  | { kind: 'task'; task: TaskId; person: PersonId }
  | { kind: 'signing'; agreement: AgreementId; person: PersonId }
  | { kind: 'signing sequence'; proposal: ProposalId; person: PersonId }
  | { kind: 'lead'; lead: LeadId }
  /** By whoever is logged in; or by whose link it is, if it is somebody's. */
  | { kind: 'comment'; send: SendId; person: PersonId | null }
  | { kind: 'login'; login: LoginId }
  | { kind: 'session'; login: LoginId };

/** Why a link is not honored. */
export type LinkRefusal = 'forged' | 'expired';

/** How long a rep's link works, and that of somebody who may sign. Those of a lead's mails always do. */
const escalationLinkMs = 30 * day;
const signingLinkMs = 30 * day;
/** How long a link to a task works: longer than the longest task. */
const taskLinkMs = 90 * day;
/** How long a link to a lead's page works; the rep's page and the command line make it anew. */
const leadLinkMs = 7 * day;
/** How long a link to log in with works, and how long whoever did stays so. */
export const loginLinkMs = 15 * minute;
export const sessionMs = 30 * day;

/**
 * Makes and checks the signed links: `/u/<token>`, `/stay/<token>`, `/e/<token>`, `/t/<token>`, `/a/<token>`,
 * `/lead/<token>`, `/comment/<token>` and `/login/<token>`;
 * and the sessions that the last of them begin.
 */
export class Links {
  readonly #publicUrl: string;
  readonly #secret: string;

  constructor(publicUrl: string, secret: string) {
    this.#publicUrl = publicUrl;
    this.#secret = secret;
  }

  /** @param lead null in a mail that is only tried: the link does nothing then */
  unsubscribe(lead: LeadId | null): string {
    return `${this.#publicUrl}/u/${this.#seal(`u.${lead ?? ''}.0`)}`;
  }

  /** To where a lead says whether it wants to stay in touch; for null, as with {@link unsubscribe}. */
  stay(lead: LeadId | null): string {
    return `${this.#publicUrl}/stay/${this.#seal(`w.${lead ?? ''}.0`)}`;
  }

  escalation(assignment: AssignmentId, at: Instant): string {
    const expiry = plus(at, escalationLinkMs);
    return `${this.#publicUrl}/e/${this.#seal(`e.${assignment}.${expiry.toString(36)}`)}`;
  }

  /** To a task of somebody, who says there that it is done. */
  task(task: TaskId, person: PersonId, at: Instant): string {
    const body = `t.${task}.${plus(at, taskLinkMs).toString(36)}.${person}`;
    return `${this.#publicUrl}/t/${this.#seal(body)}`;
  }

  signing(agreement: AgreementId, person: PersonId, at: Instant): string {
    const expiry = plus(at, signingLinkMs);
    const body = `a.${agreement}.${expiry.toString(36)}.${person}`;
    return `${this.#publicUrl}/a/${this.#seal(body)}`;
  }

  /** To where somebody signs a sequence that is proposed. */
  signingSequence(proposal: ProposalId, person: PersonId, at: Instant): string {
    const expiry = plus(at, signingLinkMs);
    const body = `q.${proposal}.${expiry.toString(36)}.${person}`;
    return `${this.#publicUrl}/a/${this.#seal(body)}`;
  }

  /**
   * To where somebody comments on a mail that a lead was sent.
   * @param person whose link it is; null asks them to log in
   */
  comment(send: SendId, person: PersonId | null, at: Instant): string {
    const expiry = plus(at, leadLinkMs);
    const body = `c.${send}.${expiry.toString(36)}.${person ?? ''}`;
    return `${this.#publicUrl}/comment/${this.#seal(body)}`;
  }

  /** To the page of a lead. It is short, because a terminal shows it whole. */
  lead(lead: LeadId, at: Instant): string {
    const expiry = Math.ceil(plus(at, leadLinkMs) / hour);
    return `${this.#publicUrl}/lead/${this.#seal(`l.${shortened(lead)}.${expiry.toString(36)}`)}`;
  }

  login(login: LoginId, at: Instant): string {
    const expiry = plus(at, loginLinkMs);
    return `${this.#publicUrl}/login/${this.#seal(`i.${login}.${expiry.toString(36)}`)}`;
  }

  /** What the cookie of somebody holds who logged in. */
  session(login: LoginId, at: Instant): string {
    return this.#seal(`s.${login}.${plus(at, sessionMs).toString(36)}`);
  }

  /** To what waits for whoever is logged in; it holds nothing. */
  desk(): string {
    return `${this.#publicUrl}/my`;
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
    const until = parseInt(expiry, 36) * (kind === 'l' ? hour : 1);
    if (until !== 0 && until < at) return { refused: 'expired' };
    switch (kind) {
      case 'u':
        return { kind: 'unsubscribe', lead: leadOrNone(id) };
      case 'w':
        return { kind: 'stay', lead: leadOrNone(id) };
      case 'e':
        return { kind: 'escalation', assignment: id as AssignmentId };
      case 'a':
        return { kind: 'signing', agreement: id as AgreementId, person: whose as PersonId };
      case 't':
        return { kind: 'task', task: id as TaskId, person: whose as PersonId };
      case 'q':
        return {
          kind: 'signing sequence',
          proposal: id as ProposalId,
          person: whose as PersonId,
        };
      case 'c':
        return {
          kind: 'comment',
          send: id as SendId,
          person: whose === '' ? null : (whose as PersonId),
        };
      case 'l':
        return { kind: 'lead', lead: lengthened(id) as LeadId };
      case 'i':
        return { kind: 'login', login: id as LoginId };
      case 's':
        return { kind: 'session', login: id as LoginId };
      default:
        return { refused: 'forged' };
    }
  }

  #seal(body: string): string {
    return `${body}.${this.#signature(body).toString()}`;
  }

  #signature(body: string): Buffer {
    const whole = createHmac('sha256', this.#secret).update(body).digest();
    // Half of it is as much as anybody can forge (RFC 2104, section 5), and makes a link that is short.
    const kept = body.startsWith('l.') ? whole.subarray(0, 16) : whole;
    return Buffer.from(kept.toString('base64url'));
  }
}

function leadOrNone(id: string): LeadId | null {
  return id === '' ? null : (id as LeadId);
}

/** A UUID in 22 letters instead of 36. */
function shortened(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function lengthened(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function splitLast(token: string): [string, string] {
  const dot = token.lastIndexOf('.');
  return [token.slice(0, Math.max(dot, 0)), token.slice(dot + 1)];
}
