import pg from 'pg';
import type {
  AssignmentId,
  EnrollmentId,
  EscalationId,
  ImportId,
  LeadId,
  PersonId,
  SendId,
} from '../domain/ids.ts';
import type { Address } from '../domain/lead/address.ts';
import type { Database } from '../store/database.ts';
import { leadByAddress, leadsByAddress } from '../store/lead.ts';
import { address } from './program.ts';

/** When the crowd's story ends: the domain's present in tests about it. */
export const crowdNow = '2026-03-02T08:00:00Z';

/** How many leads there are while work is measured. */
export const crowdSize = 100_000;

/** The address of the n-th lead of a crowd of so many. */
export function crowdAddress(n: number, leads: number): Address {
  return address(`lead-${n}@company-${n % companiesOf(leads)}.example`);
}

const companiesOf = (leads: number) => Math.ceil(leads / 5);

/**
 * Fills a database with many leads and everything that a year brings: per lead 20 events, 5 mails, 1.5
 * enrollments and 2 scores; four of five are in nurture, one of ten was escalated, one of thirty left.
 * Done by the server, past its triggers and with its indexes made anew, so that two million events take
 * seconds. The first leads of all have many events, as people who cannot let go of a page do.
 *
 * Where the n-th lead is, n modulo 10 says: 8 has finished a sequence; 9 was escalated, and n modulo
 * 50 = 9 is with a rep still; all others are in nurture. One of 333 has something that no turn has seen,
 * one of 501 did not wake when it should.
 */
export async function fillWithLeads(databaseUrl: string, leads: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`
      SET session_replication_role = replica;
      SET maintenance_work_mem = '256MB';
      CREATE TEMP TABLE made_anew AS
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
        WHERE NOT indisprimary AND indrelid = ANY('{lead, send, event, enrollment, score}'::regclass[]);
      DO $$ DECLARE index record; BEGIN
        FOR index IN SELECT * FROM made_anew LOOP EXECUTE format('DROP INDEX %s', index.name); END LOOP;
      END $$`);
    for (const part of story(leads, await hashes(client))) await client.query(part);
    await client.query(`
      DO $$ DECLARE index record; BEGIN
        FOR index IN SELECT * FROM made_anew LOOP EXECUTE index.definition; END LOOP;
      END $$`);
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

/**
 * How this schema writes the n-th hash, whichever of its migrations it has. They come in order, so that they are
 * sorted at once.
 */
async function hashes(client: pg.Client): Promise<(n: string) => string> {
  const { rows } = await client.query<{ type: string }>(`
    SELECT udt_name AS type FROM information_schema.columns
    WHERE table_name = 'event' AND column_name = 'natural_hash'`);
  const digits = (n: string) => `lpad(${n}::text, 32, '0')`;
  return rows[0]?.type === 'uuid' ? n => `${digits(n)}::uuid` : n => `rpad(${digits(n)}, 64, '0')`;
}

/** The statements that tell the story, each resting on those before it. */
function story(leads: number, hash: (n: string) => string): string[] {
  const companies = companiesOf(leads);
  const now = `timestamptz '${crowdNow}'`;
  return [
    // Nobody needs the story after a crash, and a third of the time goes into the log of it.
    `ALTER TABLE event SET UNLOGGED;
     CREATE TEMP SEQUENCE numbers MINVALUE 1000000000;
     CREATE TEMP TABLE people AS
       SELECT n, uuidv7() AS lead, ${now} - interval '40 days' - interval '320 days' * (1 - n::float / ${leads}) AS came,
         CASE n % 10 WHEN 8 THEN 'finished' WHEN 9 THEN 'escalated' END AS ended, n % 50 = 9 AS with_rep
       FROM generate_series(1, ${leads}) n;
     ANALYZE people`,
    `INSERT INTO account (id, domain, name, status)
     SELECT uuidv7(), 'company-' || n || '.example', 'Company ' || n, CASE WHEN n % 20 = 0 THEN 'customer' END
     FROM generate_series(0, ${companies - 1}) n`,
    `INSERT INTO source (id, key, created_at)
     SELECT uuidv7(), 'campaign ' || n, ${now} - interval '361 days' FROM generate_series(0, 19) n`,
    `INSERT INTO lead (id, address, account_id, source_id, first_name, last_name, company, title, industry,
       employees, country, revision, seen_revision, revised_at, turn, grade, fit_band, engagement_band, scored_at, created_at)
     SELECT lead, 'lead-' || n || '@' || account.domain, account.id, source.id, 'First ' || n, 'Last ' || n,
       account.name, 'Plant Manager', 'manufacturing', 500, 'DE', CASE WHEN n % 333 = 0 THEN 21 ELSE 20 END, 20,
       ${now} - interval '1 hour', 25,
       CASE ended WHEN 'escalated' THEN 'B' ELSE 'C' END, 'B', 3, ${now} - interval '1 day', came
     FROM people JOIN account ON account.domain = 'company-' || n % ${companies} || '.example'
     JOIN source ON source.key = 'campaign ' || n % 20 ORDER BY n`,
    `INSERT INTO lead_alias (address, lead_id)
     SELECT 'lead-' || n || '@private.example', lead FROM people WHERE n % 20 = 0`,
    `INSERT INTO suppression (address_hash, scope, reason, at)
     SELECT encode(sha256(address::bytea), 'hex'), 'all', 'unsubscribe', ${now}
     FROM lead JOIN people ON people.lead = lead.id WHERE n % 30 = 28 AND ended IS NOT NULL`,
    `INSERT INTO enrollment (id, lead_id, version_id, origin_key, segment, cursor, due_at, turned_at, created_at, ended_at, end_reason)
     SELECT uuidv7(), lead, version.id, 'intake/' || lead || '/first', 'everyone else', 3, came + interval '20 days',
       came + interval '20 days', came, came + interval '20 days', 'finished'
     FROM people CROSS JOIN (SELECT id FROM sequence_version ORDER BY name LIMIT 1) version WHERE n % 2 = 0 ORDER BY n`,
    `INSERT INTO enrollment (id, lead_id, version_id, origin_key, segment, cursor, due_at, wake_at, turned_at, created_at, ended_at, end_reason)
     SELECT uuidv7(), lead, version.id, 'intake/' || lead || '/second', 'everyone else', 3, wake,
       CASE WHEN ended IS NULL THEN wake END, ${now} - interval '1 day', came + interval '21 days',
       CASE WHEN ended IS NOT NULL THEN ${now} - interval '2 days' END, ended
     FROM (SELECT *, ${now} + interval '1 second' * CASE WHEN n % 501 = 0 THEN -3600 ELSE n * 7919 % 1000000 END AS wake
       FROM people) people
     CROSS JOIN (SELECT id FROM sequence_version ORDER BY name DESC LIMIT 1) version ORDER BY n`,
    `INSERT INTO send (id, enrollment_id, step_key, lead_id, content_key, state, attempt_token, attempted_at, at, provider_id)
     SELECT uuidv7(), e.id, 'mail-' || s, e.lead_id, v.name || '/mail-' || s, 'accepted', uuidv7(), e.created_at,
       e.created_at + s * interval '4 days', 'message-' || nextval('numbers')
     FROM generate_series(1, 4) s CROSS JOIN enrollment e JOIN sequence_version v ON v.id = e.version_id
     WHERE s <= CASE WHEN e.origin_key LIKE '%/first' THEN 2 ELSE 4 END`,
    `INSERT INTO event (id, provider_key, natural_hash, lead_id, send_id, kind, subject, at, received_at)
     SELECT uuidv7(), 'event-' || n, ${hash('n')}, lead_id, send_id,
       CASE WHEN kind = 'open' AND n % 7 = 0 THEN 'click' ELSE kind END, 'https://site.example/', at, at
     FROM (SELECT nextval('numbers') AS n, s.lead_id, s.id AS send_id, kind, s.at + interval '1 minute' AS at
       FROM send s CROSS JOIN unnest('{processed, delivered, open}'::text[]) AS kind) told`,
    `INSERT INTO event (id, provider_key, natural_hash, lead_id, kind, subject, at, received_at)
     SELECT uuidv7(), 'event-' || number, ${hash('number')}, lead, kind, subject, at, at
     FROM (SELECT nextval('numbers') AS number, people.lead, '/product/' || i % 50 AS subject,
         CASE i % 7 WHEN 0 THEN 'form' WHEN 1 THEN 'download' ELSE 'page' END AS kind,
         ${now} - interval '360 days' * (1 - i::float / ${leads * 5}) AS at
       FROM generate_series(1, ${leads * 5}) i
       JOIN people ON people.n = 1 + CASE WHEN i % 5 = 0 THEN i / 5 % ${Math.ceil(leads / 1000)} ELSE i % ${leads} END) did`,
    `INSERT INTO score (id, lead_id, agreement_id, at, fit, engagement, fit_band, engagement_band, grade, hand_raised, lines)
     SELECT uuidv7(), lead, agreement.id, ${now} - interval '1 day' * days, 3500, 0, 'B', 3, 'C', false,
       '[{"axis": "fit", "rule": "title", "share": 10000, "raw": 35, "missing": false, "points": 3500}]'
     FROM unnest('{20, 1}'::int[]) days CROSS JOIN people CROSS JOIN (SELECT id FROM agreement LIMIT 1) agreement`,
    `INSERT INTO escalation (id, lead_id, origin_key, score_id, enrollment_id, grade, cause, owner_id, state, segment,
       accept_due_at, contact_due_at, created_at, turned_at, ended_at)
     SELECT uuidv7(), lead, lead || '/1', s.id, e.id, 'B', 'crossing', owner.id,
       CASE WHEN with_rep THEN 'assigned' ELSE 'rejected' END, 'everyone else', crossed + interval '4 hours',
       crossed + interval '1 day', crossed, crossed, CASE WHEN NOT with_rep THEN crossed + interval '2 hours' END
     FROM (SELECT *, ${now} - interval '1 day' * (1 + n / 10 % 360) AS crossed FROM people) people
     JOIN enrollment e ON e.lead_id = lead AND e.end_reason = 'escalated'
     JOIN score s ON s.lead_id = lead AND s.at < ${now} - interval '10 days'
     CROSS JOIN (SELECT id FROM person WHERE catch_all_slot = 1) owner ORDER BY n`,
    `INSERT INTO assignment (id, escalation_id, n, person_id, reason, created_at, notified_at)
     SELECT uuidv7(), id, 1, owner_id, 'in territory', created_at, created_at FROM escalation`,
    `INSERT INTO disposition (id, escalation_id, seq, person_id, kind, reason, way, at)
     SELECT uuidv7(), id, 1, owner_id, 'rejected', 'not now', 'page', ended_at FROM escalation WHERE ended_at IS NOT NULL`,
    `INSERT INTO open_slot (lead_id, enrollment_id, escalation_id)
     SELECT lead_id, id, NULL FROM enrollment WHERE ended_at IS NULL
     UNION ALL SELECT lead_id, NULL, id FROM escalation WHERE ended_at IS NULL`,
    `INSERT INTO import (id, hash, source_id, created_at, finished_at)
     SELECT uuidv7(), repeat('a', 64), id, ${now}, ${now} FROM source WHERE key = 'campaign 0';
     INSERT INTO import_row (import_id, seq, lead_id)
     SELECT import.id, row_number() OVER (ORDER BY n), lead FROM people CROSS JOIN import WHERE n % 2 = 0`,
    `INSERT INTO audit (id, at, who, what, subject)
     SELECT uuidv7(), ${now}, 'ops', 'paused', lead::text FROM people WHERE n % 10 = 0`,
  ];
}

/** Some of the crowd, whom work is about. */
export interface Subjects {
  nurtured: LeadId;
  enrollment: EnrollmentId;
  send: SendId;
  /** Has more than a thousand events. */
  busy: LeadId;
  /** As many as are looked at in one go. */
  page: LeadId[];
  escalated: LeadId;
  escalation: EscalationId;
  assignment: AssignmentId;
  owner: PersonId;
  resting: LeadId;
  restingScore: string;
  source: string;
  import: ImportId;
}

/** Finds them in a crowd of so many. */
export async function findSubjects(database: Database, leads: number): Promise<Subjects> {
  const lead = async (n: number): Promise<LeadId> => {
    const id = await leadByAddress(database, crowdAddress(n, leads));
    if (id === null) throw new Error(`There is no lead ${n}.`);
    return id;
  };
  const nurtured = await lead(leads / 2 + 1);
  const enrollment = await database.enrollment.findFirstOrThrow({
    where: { leadId: nurtured, endedAt: null },
    include: { sends: true },
  });
  const escalated = await lead(leads / 2 + 9);
  const escalation = await database.escalation.findFirstOrThrow({
    where: { leadId: escalated },
    include: { assignments: true },
  });
  const resting = await lead(leads / 2 + 18);
  const page = Array.from({ length: 200 }, (_, n) => crowdAddress(1 + (n * leads) / 200, leads));
  return {
    nurtured,
    enrollment: enrollment.id as EnrollmentId,
    send: enrollment.sends[0]?.id as SendId,
    busy: await lead(1),
    page: [...(await leadsByAddress(database, page)).values()],
    escalated,
    escalation: escalation.id as EscalationId,
    assignment: escalation.assignments[0]?.id as AssignmentId,
    owner: escalation.ownerId as PersonId,
    resting,
    restingScore: (await database.score.findFirstOrThrow({ where: { leadId: resting } })).id,
    source: (await database.source.findFirstOrThrow()).id,
    import: (await database.import.findFirstOrThrow()).id as ImportId,
  };
}
