import { withTimeOff, type TimeOff } from '../domain/escalation/time-off.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { newId, sql, type Database, type Session } from './database.ts';

/** Who is away at a moment, and until when: the first moment at which they are back. */
export async function awayAt(session: Session, at: Instant): Promise<Map<PersonId, Instant>> {
  const rows = await session.timeOff.findMany({
    where: { fromAt: { lte: new Date(at) }, untilAt: { gt: new Date(at) } },
    select: { personId: true, untilAt: true },
  });
  return new Map(
    rows.map(({ personId, untilAt }) => [personId as PersonId, untilAt.getTime() as Instant]),
  );
}

/**
 * Notes that a person is away, among the other times of which that is known.
 * @returns the time as it is then, and those that it took the place of
 */
export async function setAway(
  database: Database,
  personId: PersonId,
  given: TimeOff,
): Promise<ReturnType<typeof withTimeOff>> {
  return database.transaction(async session => {
    const known = await lockTimesOff(session, personId);
    const result = withTimeOff(given, known);
    await session.timeOff.deleteMany({
      where: { personId, fromAt: { in: result.replaces.map(({ from }) => new Date(from)) } },
    });
    const { from, until } = result.time;
    const times = { fromAt: new Date(from), untilAt: new Date(until) };
    await session.timeOff.create({ data: { id: newId(), personId, ...times } });
    return result;
  });
}

/**
 * Notes that a person is back: ends the time off that is under way, and where none is, takes back those that were
 * planned.
 * @returns what was ended or taken back, as it was
 */
export async function endAway(
  database: Database,
  personId: PersonId,
  at: Instant,
): Promise<TimeOff[]> {
  return database.transaction(async session => {
    const known = (await lockTimesOff(session, personId)).filter(({ until }) => until > at);
    const now = known.find(({ from }) => from <= at);
    const ended = now === undefined ? known : [now];
    for (const { from } of ended) {
      const where = { personId, fromAt: new Date(from) };
      if (from < at) await session.timeOff.updateMany({ where, data: { untilAt: new Date(at) } });
      else await session.timeOff.deleteMany({ where });
    }
    return ended;
  });
}

/** All times off of a person, whose row stays locked, so that of two who change them the second sees the first's. */
async function lockTimesOff(session: Session, personId: PersonId): Promise<TimeOff[]> {
  await session.$queryRaw(sql`SELECT FROM person WHERE id = ${personId}::uuid FOR NO KEY UPDATE`);
  const rows = await session.timeOff.findMany({ where: { personId }, orderBy: { fromAt: 'asc' } });
  return rows.map(({ fromAt, untilAt }) => ({
    from: fromAt.getTime() as Instant,
    until: untilAt.getTime() as Instant,
  }));
}
