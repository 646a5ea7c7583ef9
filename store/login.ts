import type { LoginId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { newId, sql, type Session } from './database.ts';

/** Who is logged in. */
export interface Visitor {
  login: LoginId;
  id: PersonId;
  name: string;
  team: string;
  role: string;
  country: string | null;
}

/** Somebody who asked to log in. */
export interface Asked {
  id: PersonId;
  name: string;
  country: string | null;
  /** Null when they were mailed enough links lately. */
  login: LoginId | null;
}

/** Links that one person may be mailed while the first of them still works. */
const mostLinks = 3;

/**
 * Makes a link's login for the active person who has an address. What is long over is forgotten with it.
 * @param sinceMs how far back links are counted, in milliseconds
 * @param keptMs how long a login is kept, in milliseconds
 * @returns null when nobody has the address
 */
export async function askToLogIn(
  session: Session,
  address: Address,
  { sinceMs, keptMs }: { sinceMs: number; keptMs: number },
  at: Instant,
): Promise<Asked | null> {
  const [row] = await session.$queryRaw<Asked[]>(sql`
    WITH p AS (SELECT id, name, country FROM person WHERE address = ${address} AND active),
    gone AS (
      DELETE FROM login USING p WHERE person_id = p.id AND asked_at < moment(${at - keptMs}::bigint)),
    made AS (
      INSERT INTO login (id, person_id, asked_at)
      SELECT ${newId<LoginId>()}::uuid, p.id, moment(${at}::bigint) FROM p
      WHERE ${mostLinks} > (
        SELECT count(*) FROM login l WHERE l.person_id = p.id AND l.asked_at > moment(${at - sinceMs}::bigint))
      RETURNING id)
    SELECT p.id, p.name, p.country, (SELECT id FROM made) AS login FROM p`);
  return row ?? null;
}

/** What a login's link can still do; null when there is no such login, or its person is not active any more. */
export async function loginState(session: Session, id: LoginId): Promise<'unused' | 'used' | null> {
  const row = await session.login.findFirst({
    where: { id, person: { active: true } },
    select: { usedAt: true },
  });
  return row && (row.usedAt === null ? 'unused' : 'used');
}

/** Uses a link. @returns whether it was its first use, by somebody who is active */
export async function logIn(session: Session, id: LoginId, at: Instant): Promise<boolean> {
  const { count } = await session.login.updateMany({
    where: { id, usedAt: null, person: { active: true } },
    data: { usedAt: new Date(at) },
  });
  return count === 1;
}

/** Who is logged in by a login; null when nobody is: it was not used, it ended, or they are not active any more. */
export async function visitorBy(session: Session, login: LoginId): Promise<Visitor | null> {
  const row = await session.login.findFirst({
    where: { id: login, usedAt: { not: null }, endedAt: null, person: { active: true } },
    select: { person: { select: { id: true, name: true, team: true, role: true, country: true } } },
  });
  return row && { login, ...row.person, id: row.person.id as PersonId };
}

export async function logOut(session: Session, id: LoginId, at: Instant): Promise<void> {
  await session.login.updateMany({
    where: { id, usedAt: { not: null }, endedAt: null },
    data: { endedAt: new Date(at) },
  });
}
