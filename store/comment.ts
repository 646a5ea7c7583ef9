import type { PersonId, SendId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { newId, sql, type Session } from './database.ts';

/** How long a comment may be, in characters. */
export const longestComment = 2_000;

/** A mail that a lead was sent: what a comment is on. */
export interface SentMail {
  sequence: string;
  versionId: VersionId;
  version: number;
  /** The step's name. */
  mail: string;
}

/** What somebody of either team says of a mail. Personal: for pages and terminals alone. */
export interface MailComment {
  mail: string;
  /** The version that they saw. */
  version: number;
  by: { name: string; team: string };
  text: string;
  at: Instant;
}

/**
 * The mail of a send, in the version that its enrollment has; or, where that has no such mail any more, in the newest that
 * has. Null when there is none.
 */
export async function sentMail(session: Session, id: SendId): Promise<SentMail | null> {
  const [row] = await session.$queryRaw<SentMail[]>(sql`
    SELECT v.name AS sequence, v.id AS "versionId", v.version, s.step_key AS mail
    FROM send s JOIN enrollment e ON e.id = s.enrollment_id JOIN sequence_version own ON own.id = e.version_id
    JOIN sequence_version v ON v.name = own.name
    WHERE s.id = ${id}::uuid
      AND v.content @> jsonb_build_object('plan', jsonb_build_array(jsonb_build_object('mail', s.step_key)))
    ORDER BY v.id = own.id DESC, v.version DESC LIMIT 1`);
  return row ?? null;
}

/** Keeps what somebody says of a mail. */
export async function addComment(
  session: Session,
  { sequence, versionId, mail }: SentMail,
  personId: PersonId,
  text: string,
  at: Instant,
): Promise<void> {
  const data = { id: newId(), personId, sequence, versionId, mail, text, at: new Date(at) };
  await session.comment.create({ data });
}

/** What was said of the mails of a sequence, mail by mail, the newest first. */
export async function commentsOn(session: Session, sequence: string): Promise<MailComment[]> {
  const rows = await session.comment.findMany({
    where: { sequence },
    orderBy: [{ mail: 'asc' }, { at: 'desc' }, { id: 'desc' }],
    select: {
      mail: true,
      text: true,
      at: true,
      version: { select: { version: true } },
      person: { select: { name: true, team: true } },
    },
  });
  return rows.map(({ mail, text, at, version, person }) => ({
    mail,
    version: version.version,
    by: person,
    text,
    at: at.getTime() as Instant,
  }));
}
