import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hour, minute } from '../../../domain/instant.ts';
import { countRunning, runningRows } from '../../../engine/running.ts';
import type { OutboxEntry } from '../../../sandbox/sendgrid/outbox.ts';
import { sql, type Database } from '../../../store/database.ts';
import type { Fleet } from './fleet.ts';
import { mails, type Promised } from './load.ts';

/** How long everything may take to come to rest after the last kill. */
const patienceMs = 10 * minute;

/** What was counted when everything had come to rest. */
export interface Audit {
  /** Everything that is not as it must be, in words; empty when all is well. */
  wrong: string[];
  mails: number;
  unknown: number;
  leads: number;
  events: number;
  escalations: number;
}

/**
 * Waits until nothing moves any more: nobody waits for anything within the hour, every event of the provider
 * was taken, and every open row has its workflow. The sweep, which runs each minute, is run all the while.
 */
export async function atRest({ database, client, report }: Fleet): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const [row] = await database.$queryRaw<{ busy: number; open: number }[]>(sql`
      SELECT (SELECT count(*) FROM send WHERE state = 'dispatching')::int
        + (SELECT count(*) FROM lead WHERE revision > seen_revision)::int
        + (SELECT count(*) FROM import WHERE finished_at IS NULL)::int
        + (SELECT count(*) FROM assignment WHERE notified_at IS NULL)::int
        + (SELECT count(*) FROM enrollment WHERE ended_at IS NULL
            AND wake_at < now() + make_interval(secs => ${hour / 1_000}))::int AS busy,
        (SELECT count(*) FROM open_slot)::int AS open`);
    const { unposted, later } = await report();
    const busy = (row?.busy ?? 0) + unposted + later;
    if (busy === 0 && row?.open === (await countRunning(client))) return;
    if (Date.now() > deadline) throw new Error(`It did not come to rest: ${busy} left to do.`);
    await client.schedule.getHandle('sweep').trigger();
    await sleep(3_000);
  }
}

interface Send {
  id: string;
  enrollment: string;
  step: string;
  state: string;
}

/** Holds what was promised and what left against what the database and Temporal say. */
export async function audit(fleet: Fleet, promised: Promised): Promise<Audit> {
  const { database, client } = fleet;
  const wrong: string[] = [];
  const none = (what: string, found: readonly unknown[]) => {
    if (found.length > 0)
      wrong.push(`${what}: ${found.length}, such as ${JSON.stringify(found[0])}`);
  };
  const sends = await database.$queryRaw<Send[]>(sql`
    SELECT id, enrollment_id AS enrollment, step_key AS step, state FROM send`);
  const left = await outbox(fleet);
  none('steps mailed twice', (await fleet.report()).repeated);
  none(
    'mails without a row in the ledger',
    unlike(left.keys(), new Set(sends.map(({ id }) => id))),
  );
  none(
    'mails that the ledger calls accepted and that never left',
    sends.filter(({ id, state }) => state === 'accepted' && !left.has(id)),
  );
  none(
    'rows in the ledger that are not settled',
    sends.filter(({ state }) => !/^(accepted|unknown)$/.test(state)),
  );
  none('finished enrollments that lack a mail', await lacking(database));
  none('mails whose events are not all there once', await untold(database, [...left.keys()]));
  none('promised events that are not there', await missingEvents(database, promised.events));
  none(
    'leads that were promised and are not as they must be',
    await missingLeads(database, promised),
  );
  none('leads that left and were kept, or mailed', await notGone(database, promised.left));
  none('rejected escalations that did not end', await unended(database, promised.rejected));
  none(
    'won escalations that did not end, or made no customer',
    await unwon(database, promised.won),
  );
  none('escalations that waited in vain', await unasked(database, promised.overdue));
  none('stories of escalations with gaps', await gaps(database));
  const running = new Set((await runningRows(client)).keys());
  const open = await database.$queryRaw<{ id: string }[]>(sql`
    SELECT coalesce(enrollment_id, escalation_id) AS id FROM open_slot`);
  const rows = new Set(open.map(({ id }) => id));
  none('open rows without a workflow', unlike(rows, running));
  none('workflows without an open row', unlike(running, rows));
  const [count] = await database.$queryRaw<
    { leads: number; events: number; escalations: number }[]
  >(sql`
    SELECT (SELECT count(*)::int FROM lead) AS leads, (SELECT count(*)::int FROM event) AS events,
      (SELECT count(*)::int FROM escalation) AS escalations`);
  return {
    wrong,
    mails: left.size,
    unknown: sends.filter(({ state }) => state === 'unknown').length,
    ...(count ?? { leads: 0, events: 0, escalations: 0 }),
  };
}

/** The mails to leads that really left, by the ledger's ids that they carry. */
async function outbox({ folder }: Fleet): Promise<Map<string, OutboxEntry>> {
  const text = await readFile(join(folder, 'sandbox', 'outbox.jsonl'), 'utf8');
  const entries = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as OutboxEntry);
  return new Map(
    entries.flatMap(entry => {
      const id = entry.customArgs.send_id;
      return id === undefined ? [] : [[id, entry] as const];
    }),
  );
}

function unlike(given: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...given].filter(each => !known.has(each));
}

function lacking(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT e.id, count(send.id)::int AS mails FROM enrollment e LEFT JOIN send ON send.enrollment_id = e.id
    WHERE e.end_reason = 'finished' GROUP BY e.id HAVING count(send.id) <> ${mails}`);
}

/** Each mail is processed once and delivered once. */
function untold(database: Database, ids: string[]): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT mail.id FROM unnest(${ids}::uuid[]) AS mail(id)
    WHERE (SELECT count(*) FILTER (WHERE kind = 'processed') <> 1 OR count(*) FILTER (WHERE kind = 'delivered') <> 1
      FROM event WHERE event.send_id = mail.id)`);
}

function missingEvents(database: Database, keys: ReadonlySet<string>): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT key FROM unnest(${[...keys]}::text[]) AS key
    WHERE NOT EXISTS (SELECT FROM event WHERE provider_key = key)`);
}

/**
 * Whoever was imported is a lead, once, and was enrolled or handed over, unless they left; whoever asked for a demo
 * was handed over exactly once, with a mail to the rep; nobody else was.
 */
function missingLeads(database: Database, { imported, raised, left }: Promised): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT address, lead.id, lead.grade, raised, escalations.n AS escalations, enrollments.n AS enrollments
    FROM unnest(${[...new Set([...imported, ...raised])]}::text[]) AS address
    LEFT JOIN lead USING (address),
    LATERAL (SELECT address = ANY(${[...raised]}::text[]) AS raised) r,
    LATERAL (SELECT count(DISTINCT x.id) AS n, coalesce(bool_and(a.notified_at IS NOT NULL), true) AS told
      FROM escalation x JOIN assignment a ON a.escalation_id = x.id WHERE x.lead_id = lead.id) escalations,
    LATERAL (SELECT count(*) FILTER (WHERE origin_key LIKE 'intake/%') AS n FROM enrollment e
      WHERE e.lead_id = lead.id) enrollments
    WHERE lead.id IS NULL OR escalations.n <> raised::int OR NOT escalations.told
      OR enrollments.n > 1
      OR (escalations.n + enrollments.n = 0 AND address <> ALL(${[...left]}::text[]))`);
}

/** A mail may be under way while its lead leaves; no call for one begins later, but for a little between two clocks. */
function notGone(database: Database, addresses: ReadonlySet<string>): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT l.id, e.ended_at, s.at AS left_at, send.attempted_at AS mailed_at
    FROM unnest(${[...addresses]}::text[]) AS address JOIN lead l USING (address)
    LEFT JOIN suppression s ON s.address_hash = encode(sha256(address::bytea), 'hex')
    LEFT JOIN enrollment e ON e.lead_id = l.id AND e.ended_at IS NULL
    LEFT JOIN send ON send.lead_id = l.id AND send.attempted_at > s.at + interval '1 second'
    WHERE s.at IS NULL OR e.id IS NOT NULL OR send.id IS NOT NULL`);
}

function unended(database: Database, ids: ReadonlySet<string>): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT x.id FROM escalation x WHERE x.id = ANY(${[...ids]}::uuid[]) AND (x.ended_at IS NULL
      OR (SELECT count(*) FROM enrollment e WHERE e.origin_key = 'recycle/' || x.id) <> 1)`);
}

function unwon(database: Database, ids: ReadonlySet<string>): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT x.id, x.state, a.status FROM escalation x JOIN lead l ON l.id = x.lead_id
    LEFT JOIN account a ON a.id = l.account_id
    WHERE x.id = ANY(${[...ids]}::uuid[])
      AND (x.state <> 'won' OR a.status IS DISTINCT FROM 'customer' OR a.owner_id IS DISTINCT FROM x.owner_id)`);
}

/** Where the agreed time passed, the manager was told once, and another was asked once. */
function unasked(database: Database, ids: ReadonlySet<string>): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT x.id FROM escalation x WHERE x.id = ANY(${[...ids]}::uuid[]) AND (
      (SELECT count(*) FROM assignment a WHERE a.escalation_id = x.id AND a.cause IN ('overdue', 'manager')) <> 1
      OR (SELECT count(*) FROM notice n WHERE n.escalation_id = x.id AND n.key LIKE 'answer/manager/%') <> 1)`);
}

/** Whoever was asked last owns it; who was asked, and what was said, is numbered from one on. */
function gaps(database: Database): Promise<object[]> {
  return database.$queryRaw(sql`
    SELECT x.id FROM escalation x,
    LATERAL (SELECT count(*) AS n, max(n) AS last, (array_agg(person_id ORDER BY n DESC))[1] AS person
      FROM assignment a WHERE a.escalation_id = x.id) asked,
    LATERAL (SELECT count(*) AS n, coalesce(max(seq), 0) AS last FROM disposition d WHERE d.escalation_id = x.id) said
    WHERE asked.n <> asked.last OR asked.person <> x.owner_id OR said.n <> said.last`);
}
