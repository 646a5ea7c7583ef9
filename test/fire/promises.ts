import { minute, type Instant } from '../../domain/instant.ts';
import type { Stage } from '../../sandbox/rehearsal/conductor.ts';
import { report } from '../../sandbox/sendgrid/report.ts';
import { sql, type Database } from '../../store/database.ts';
import { newSubject, type Fire } from './play.ts';

/** What counts as at once, in milliseconds of played time. */
const atOnceMs = minute;

/** What was counted, by the provider and by the database. */
export interface Count {
  /** Promises that were not kept, each with how often and one example; none when all were. */
  broken: string[];
  mails: number;
  events: number;
  escalations: number;
  suppressed: number;
}

/** A mail of a sequence, as the provider has it. */
interface Left {
  id: string;
  enrollment: string;
  lead: string;
  at: number;
  subject: string;
}

/**
 * Holds what a program did under fire against what it promises, from the outside: the mails that really left the
 * provider against the rows of the database.
 */
export async function countPromises(
  { database, sandbox }: Pick<Stage, 'database' | 'sandbox'>,
  fire: Fire,
): Promise<Count> {
  const broken: string[] = [];
  const none = (promise: string, found: readonly unknown[]) => {
    if (found.length > 0)
      broken.push(`${promise}: ${found.length}, such as ${JSON.stringify(found[0])}`);
  };
  const counted = report(sandbox);
  const all = [...sandbox.outbox.all()];
  const left = all.flatMap(({ to, at, subject, customArgs }): Left[] => {
    const { send_id: id, enrollment_id: enrollment } = customArgs;
    return id === undefined || enrollment === undefined
      ? []
      : [{ id, enrollment, lead: to, at, subject }];
  });
  const ids = left.map(({ id }) => id);

  none('P1 a step of an enrollment is mailed once', counted.repeated);
  none('P1 a lead gets the same mail once', twice(left));
  none('P1 what left is in the ledger, and not as refused', await unknownOf(database, ids));
  none('P1 what the ledger calls accepted has left', await notLeft(database, ids));
  none('P2 nobody is mailed who is suppressed', await mailedAfter(database, left));
  none('P3 a rep is told of every escalation', await untold(database, all.map(assignmentOf)));
  none('P3 a lead is with one rep at a time', await overlapping(database));
  none('P3 whoever asks for a demo is with a rep at once', await unheard(database));
  none('P5 an enrollment keeps its version', await ofAnother(database, left, fire.publishedAt));
  none('P6 what happened to a mail counts once', await notOnce(database, ids));
  none('P7 every event is taken', Array.from({ length: counted.givenUp }));
  none('P7 every event is looked at', await unseen(database));
  none('P9 who is paused gets nothing', await whilePaused(database, fire.paused));
  none('P9 nobody gets more in a week than was agreed', await bursts(database));
  none('P10 an answer, or leaving, ends nurture at once', await goneOn(database));
  const [row] = await database.$queryRaw<Omit<Count, 'broken' | 'mails'>[]>(sql`
    SELECT (SELECT count(*) FROM event)::int AS events, (SELECT count(*) FROM escalation)::int AS escalations,
      (SELECT count(*) FROM suppression)::int AS suppressed`);
  return { broken, mails: left.length, ...(row ?? { events: 0, escalations: 0, suppressed: 0 }) };
}

function assignmentOf({ customArgs }: { customArgs: Record<string, string> }): string {
  return customArgs.assignment_id ?? '';
}

/** Mails that a lead was sent before, whatever sequence and version they came from. */
function twice(left: readonly Left[]): Left[] {
  const seen = new Set<string>();
  return left.filter(({ lead, subject }) => {
    const key = `${lead}\n${subject.replace(newSubject, '')}`;
    return seen.size === seen.add(key).size;
  });
}

function unknownOf(database: Database, ids: string[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT mail.id, send.state FROM unnest(${ids}::uuid[]) AS mail(id) LEFT JOIN send USING (id)
    WHERE send.state IS NULL OR send.state NOT IN ('accepted', 'unknown')`);
}

function notLeft(database: Database, ids: string[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT id FROM send WHERE state = 'dispatching' OR (state = 'accepted' AND id <> ALL(${ids}::uuid[]))`);
}

function mailedAfter(database: Database, left: readonly Left[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT l.id AS lead, s.reason, ms(s.at) AS since, mail.at
    FROM unnest(${left.map(({ lead }) => lead)}::text[], ${left.map(({ at }) => at)}::bigint[]) AS mail(address, at)
    JOIN lead l ON l.address = mail.address
    JOIN suppression s ON s.address_hash = encode(sha256(mail.address::bytea), 'hex')
    WHERE s.at < moment(mail.at)`);
}

function untold(database: Database, told: string[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT id, notified_at FROM assignment
    WHERE notified_at IS NULL OR id::text <> ALL(${told}::text[])`);
}

/** Escalations that began while another of the lead was open. */
function overlapping(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT a.id, b.id AS other FROM escalation a JOIN escalation b ON b.lead_id = a.lead_id AND b.id <> a.id
    WHERE a.created_at >= b.created_at AND (b.ended_at IS NULL OR a.created_at < b.ended_at)`);
}

/** Leads with fit C or better that asked for a demo when no rep had them, and that no rep got within a minute. */
function unheard(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT e.id, e.lead_id FROM event e JOIN lead l ON l.id = e.lead_id
    WHERE e.kind = 'form' AND e.subject = 'demo request' AND l.grade IS NOT NULL
      AND EXISTS (SELECT FROM score s WHERE s.lead_id = l.id AND s.fit_band IN ('A', 'B', 'C')
        AND s.at <= e.received_at + ${atOnceMs} * interval '1 ms')
      AND NOT EXISTS (SELECT FROM suppression WHERE address_hash = encode(sha256(l.address::bytea), 'hex'))
      AND NOT EXISTS (SELECT FROM escalation x WHERE x.lead_id = l.id
        AND x.created_at <= e.received_at + ${atOnceMs} * interval '1 ms'
        AND (x.ended_at IS NULL OR x.ended_at > e.received_at))`);
}

/** Mails of the version that was not current when their enrollment began. */
async function ofAnother(
  database: Database,
  left: readonly Left[],
  publishedAt: Instant,
): Promise<Left[]> {
  const begun = await database.$queryRaw<{ id: string; at: bigint }[]>(sql`
    SELECT id, ms(created_at) AS at FROM enrollment`);
  const startOf = new Map(begun.map(({ id, at }) => [id, Number(at)]));
  return left.filter(({ enrollment, subject }) => {
    const isNew = (startOf.get(enrollment) ?? NaN) > publishedAt;
    return isNew !== subject.endsWith(newSubject);
  });
}

/** Of each mail that left, the provider tells once that it took it, and once that it arrived, if it did. */
function notOnce(database: Database, ids: string[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT mail.id, array_agg(event.kind) AS told FROM unnest(${ids}::uuid[]) AS mail(id)
    LEFT JOIN event ON event.send_id = mail.id AND event.kind IN ('processed', 'delivered', 'dropped')
    GROUP BY mail.id
    HAVING count(*) FILTER (WHERE event.kind = 'processed') + count(*) FILTER (WHERE event.kind = 'dropped') <> 1
      OR count(*) FILTER (WHERE event.kind = 'delivered') > 1`);
}

function unseen(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`SELECT id FROM lead WHERE revision > seen_revision`);
}

function whilePaused(database: Database, { ids, from, to }: Fire['paused']): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT id, enrollment_id FROM send WHERE enrollment_id = ANY(${ids}::uuid[])
      AND at > moment(${from}::bigint) AND at < moment(${to}::bigint)`);
}

/** The shipped agreement: two mails a week. */
function bursts(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT lead_id, at FROM (
      SELECT lead_id, at, lag(at, 2) OVER (PARTITION BY lead_id ORDER BY at) AS before_last
      FROM send WHERE state <> 'refused') AS mails
    WHERE at < before_last + interval '7 days'`);
}

/** Enrollments that were open when their lead answered or left, and still were a minute later. */
function goneOn(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT e.id, v.kind FROM enrollment e JOIN event v ON v.lead_id = e.lead_id
    WHERE v.kind IN ('reply', 'bounce', 'unsubscribe', 'complaint') AND e.created_at <= v.received_at
      AND (e.ended_at IS NULL OR e.ended_at > v.received_at + ${atOnceMs} * interval '1 ms')`);
}
