import type { KnownPerson } from '../domain/escalation/people-changes.ts';
import type { TimeOff } from '../domain/escalation/time-off.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';

/** Somebody of either team, with what they have to do and when they are away. */
export interface Member extends KnownPerson {
  id: PersonId;
  /** Escalations that they were assigned within the last seven days. */
  assigned: number;
  /** The times off that are not over, in order. */
  off: TimeOff[];
}

/** Everybody who is active, or still holds what is open, by team and key; with `past`, everybody who ever was. */
export async function roster(
  session: Session,
  at: Instant,
  whom: 'present' | 'past' = 'present',
): Promise<Member[]> {
  const members = await session.$queryRaw<Member[]>(sql`
    SELECT p.id, p.key, p.name, p.address, p.team, p.role, nullif(p.territory, '{}') AS territory, p.capacity,
      p.country, p.catch_all_slot IS NOT NULL AS "isCatchAll", p.active AS "isActive",
      coalesce(given.assigned, 0) AS assigned, coalesce(held.open, 0) AS open,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('from', ms(o.from_at), 'until', ms(o.until_at)) ORDER BY o.from_at)
        FROM time_off o WHERE o.person_id = p.id AND o.until_at > moment(${at}::bigint)), '[]') AS off
    FROM person p
    LEFT JOIN (
      SELECT person_id, count(*)::int AS assigned FROM assignment
      WHERE created_at > moment(${at}::bigint) - interval '7 days' GROUP BY person_id) given ON given.person_id = p.id
    LEFT JOIN (
      SELECT owner_id, count(*)::int AS open FROM escalation WHERE ended_at IS NULL GROUP BY owner_id) held
      ON held.owner_id = p.id
    ORDER BY p.team, p.key`);
  return whom === 'past' ? members : members.filter(({ isActive, open }) => isActive || open > 0);
}

/** Until when somebody is away at a moment; null when they are there. */
export function awayUntil({ off }: Pick<Member, 'off'>, at: Instant): Instant | null {
  return off.find(({ from, until }) => from <= at && at < until)?.until ?? null;
}
