import type { PeopleDocument } from '../domain/escalation/schema.ts';
import type { Candidate } from '../domain/escalation/routing.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import type { FieldsCondition } from '../domain/lead/match.ts';
import { newId, sql, type Database, type Session } from './database.ts';
import { awayAt } from './time-off.ts';

/**
 * Takes people over from `people.yaml`, by their keys. Who is not in it any more stays in the record
 * and gets nothing new.
 */
export async function takeOverPeople(
  database: Database,
  { people }: PeopleDocument,
): Promise<void> {
  await database.transaction(async session => {
    await session.person.updateMany({ data: { active: false, catchAllSlot: null } });
    for (const person of people) {
      const { key, name, address, team, role, territory, capacity, country } = person;
      const data = {
        name,
        address,
        team,
        role,
        territory: territory ?? {},
        capacity: capacity ?? null,
        country: country ?? null,
        catchAllSlot: person.catch_all ? 1 : null,
        active: true,
      };
      await session.person.upsert({
        where: { key },
        update: data,
        create: { id: newId(), key, ...data },
      });
    }
  });
}

/**
 * The members of sales who may be given a lead. Their rows stay locked until the transaction ends,
 * in the order of their ids, so that two escalations at the same instant are routed one after
 * the other.
 */
export async function lockCandidates(session: Session, at: Instant): Promise<Candidate[]> {
  const rows = await session.$queryRaw<
    {
      id: PersonId;
      role: string;
      territory: FieldsCondition | null;
      capacity: number | null;
      country: string | null;
      lastAssignedAt: bigint | null;
      isCatchAll: boolean;
    }[]
  >(sql`
    SELECT id, role, territory, capacity, country, ms(last_assigned_at) AS "lastAssignedAt",
      catch_all_slot IS NOT NULL AS "isCatchAll"
    FROM person WHERE active AND (role = 'rep' OR catch_all_slot IS NOT NULL)
    ORDER BY id FOR NO KEY UPDATE`);
  // Counted after the rows are locked, so that what was committed meanwhile is seen.
  const counts = await session.$queryRaw<{ personId: PersonId; assigned: number }[]>(sql`
    SELECT person_id AS "personId", count(*)::int AS assigned FROM assignment
    WHERE created_at > moment(${at}::bigint) - interval '7 days' GROUP BY person_id`);
  const assigned = new Map(counts.map(row => [row.personId, row.assigned]));
  const away = await awayAt(session, at);
  return rows.map(row => ({
    id: row.id,
    territory:
      row.territory === null || Object.keys(row.territory).length === 0 ? null : row.territory,
    capacity: row.capacity,
    country: row.country,
    assigned: assigned.get(row.id) ?? 0,
    lastAssignedAt: row.lastAssignedAt === null ? null : (Number(row.lastAssignedAt) as Instant),
    isRep: row.role === 'rep',
    isCatchAll: row.isCatchAll,
    isAway: away.has(row.id),
  }));
}

/** Somebody, whose row stays locked until the transaction ends, so that they do not leave meanwhile. */
export async function lockPerson(
  session: Session,
  id: PersonId,
): Promise<{ id: PersonId; team: string; country: string | null; isActive: boolean } | null> {
  const [row] = await session.$queryRaw<
    { id: PersonId; team: string; country: string | null; isActive: boolean }[]
  >(sql`
    SELECT id, team, country, active AS "isActive" FROM person WHERE id = ${id}::uuid FOR NO KEY UPDATE`);
  return row ?? null;
}

/** Whom sales turns to: a manager who is there, or else the catch-all owner. */
export async function managerOf(
  session: Session,
): Promise<{ id: PersonId; name: string; address: Address } | null> {
  const [row] = await session.$queryRaw<{ id: PersonId; name: string; address: Address }[]>(sql`
    SELECT id, name, address FROM person
    WHERE active AND team = 'sales' AND (role = 'manager' OR catch_all_slot IS NOT NULL)
    ORDER BY role <> 'manager', key LIMIT 1`);
  return row ?? null;
}

/** How many escalations each person was assigned since a moment. */
export async function assignedSince(
  session: Session,
  since: Instant,
): Promise<Map<PersonId, number>> {
  const rows = await session.$queryRaw<{ personId: PersonId; assigned: number }[]>(sql`
    SELECT person_id AS "personId", count(*)::int AS assigned FROM assignment
    WHERE created_at >= moment(${since}::bigint) GROUP BY person_id`);
  return new Map(rows.map(({ personId, assigned }) => [personId, assigned]));
}

/** Everybody who is active, by key. */
export async function activePeople(
  session: Session,
): Promise<{ key: string; name: string; role: string; capacity: number | null }[]> {
  return session.person.findMany({
    where: { active: true },
    select: { key: true, name: true, role: true, capacity: true },
    orderBy: { key: 'asc' },
  });
}

export async function hasPeople(session: Session): Promise<boolean> {
  return (await session.person.count({ where: { active: true } })) > 0;
}

/** The person with a key who is active, or null. */
export async function personByKey(session: Session, key: string): Promise<PersonId | null> {
  const row = await session.person.findFirst({
    where: { key, active: true },
    select: { id: true },
  });
  return (row?.id ?? null) as PersonId | null;
}

/** A person who is active, or null. */
export async function activePerson(
  session: Session,
  id: PersonId,
): Promise<{ id: PersonId; name: string } | null> {
  const row = await session.person.findFirst({
    where: { id, active: true },
    select: { name: true },
  });
  return row && { id, name: row.name };
}
