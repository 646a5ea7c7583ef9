import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { switchHooks } from '../../store/control.ts';
import { sql, type Database } from '../../store/database.ts';
import { intakeProgress, intakeResult } from '../../store/intake.ts';
import { countOpenRows } from '../../store/orphans.ts';
import { status } from '../../store/status.ts';
import { stepResults } from '../../store/step-results.ts';
import { crowdNow, crowdSize, fillWithLeads, findSubjects, type Subjects } from '../crowd.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { hotWork } from '../hot-work.ts';
import { explain, sentBy, type Execution } from '../plan.ts';

/** Tables that grow with leads and with what they do. */
const growing = [
  'lead',
  'event',
  'send',
  'enrollment',
  'escalation',
  'score',
  'open_slot',
  'import_row',
  'assignment',
  'disposition',
  'hook',
  'idempotency_key',
];

let test: TestDatabase;
let subjects: Subjects;
beforeAll(async () => {
  test = await createDatabase();
  await fillWithLeads(test.url, crowdSize);
  await switchHooks(test.database, 'on', instant(0));
  await test.database.$executeRawUnsafe(`
    INSERT INTO hook (id, escalation_id, kind, origin_key, at, attempts, delivered_at)
    SELECT gen_random_uuid(), id, 'escalation.assigned', id || '/assigned', created_at, 1, created_at FROM escalation`);
  await test.database.$executeRawUnsafe(`
    INSERT INTO idempotency_key SELECT lpad(to_hex(n), 64, '0'), repeat('0', 64), true, NULL, '${crowdNow}'::timestamptz - n * interval '1 second'
    FROM generate_series(1, 100000) AS n`);
  await test.database.$executeRawUnsafe('ANALYZE hook, idempotency_key');
  subjects = await findSubjects(test.database, crowdSize);
}, 300_000);
afterAll(() => test.drop());

const rowsOf = (executions: readonly Execution[], table: string) =>
  executions.reduce((sum, { rows }) => sum + (rows.get(table) ?? 0), 0);
const pagesOf = (executions: readonly Execution[]) =>
  executions.reduce((sum, { pages }) => sum + pages, 0);

/** What has to look at every lead, and so takes the longer the more there are; people ask for it. */
const counts: Record<string, (database: Database) => Promise<unknown>> = {
  'how many leads stand where': status,
  'how many rows are open': countOpenRows,
  'how far an import has come': database => intakeProgress(database, subjects.import),
  'what an import came to': database => intakeResult(database, subjects.import),
};

const modes = ['force_custom_plan', 'force_generic_plan'] as const;

describe('with 100,000 leads and 2,000,000 events', () => {
  it.each(Object.entries(hotWork))('%s looks at what it is about alone', async (_, work) => {
    const statements = await sentBy(test.database, database => work.does(database, subjects));
    expect(statements).not.toEqual([]);
    for (const mode of modes) {
      const executions = await explain(test.url, statements, mode);
      for (const { scanned, outline } of executions)
        expect(
          scanned.filter(table => growing.includes(table)),
          outline,
        ).toEqual([]);
      const outlines = executions.map(({ outline }) => outline).join('\n\n');
      const rows = growing.reduce((sum, table) => sum + rowsOf(executions, table), 0);
      expect(rows, outlines).toBeLessThanOrEqual(work.rows);
      expect(pagesOf(executions), outlines).toBeLessThanOrEqual(work.pages);
    }
  });

  it('what the steps of a sequence brought is counted from its own enrollments', async () => {
    const leads = 500;
    await test.database.$executeRawUnsafe(`
      WITH n AS (
        INSERT INTO enrollment (id, lead_id, version_id, origin_key, due_at, created_at, ended_at, end_reason)
        SELECT uuidv7(), l.id, s.current_id, 'referral/' || l.id, now(), now(), now(), 'finished'
        FROM (SELECT id FROM lead ORDER BY id LIMIT ${leads}) l JOIN sequence s ON s.name = 'referral'
        RETURNING id, lead_id),
      m AS (
        INSERT INTO send (id, enrollment_id, step_key, lead_id, content_key, state, attempt_token, attempted_at, at)
        SELECT uuidv7(), id, 'hello', lead_id, 'referral/hello', 'accepted', uuidv7(), now(), now() FROM n
        RETURNING id, lead_id)
      INSERT INTO event (id, provider_key, natural_hash, lead_id, send_id, kind, at, received_at)
      SELECT uuidv7(), id || '/' || kind, uuidv7(), lead_id, id, kind, now(), now()
      FROM m CROSS JOIN unnest('{delivered, click}'::text[]) kind`);
    await test.database.$executeRawUnsafe('ANALYZE enrollment, send');
    const at = instant(Date.parse('2026-03-30T08:00:00Z'));
    const statements = await sentBy(test.database, database =>
      stepResults(database, 'referral', { bySegment: true }, at),
    );
    // Planned for this sequence, since another may be nearly all there is.
    const executions = await explain(test.url, statements, 'force_custom_plan');
    const outlines = executions.map(({ outline }) => outline).join('\n\n');
    const scanned = executions.flatMap(execution => execution.scanned);
    expect(
      scanned.filter(table => growing.includes(table)),
      outlines,
    ).toEqual([]);
    expect(rowsOf(executions, 'send'), outlines).toBeLessThanOrEqual(leads * 6);
    expect(pagesOf(executions), outlines).toBeLessThanOrEqual(leads * 60);
  });

  it.each(Object.entries(counts))('%s is counted in one pass', async (_, count) => {
    const statements = await sentBy(test.database, count);
    for (const mode of modes) {
      const executions = await explain(test.url, statements, mode);
      const tables = executions.flatMap(({ rows }) => [...rows.keys()]);
      const outlines = executions.map(({ outline }) => outline).join('\n\n');
      // Workers that share a table's pages may each read a small one whole.
      expect(pagesOf(executions), outlines).toBeLessThanOrEqual(2 * (await sizeOf(tables)));
    }
  });

  it('a statement that reads a table from end to end would be found', async () => {
    const text = "SELECT count(*) FROM event WHERE subject = 'nothing'";
    const [execution] = await explain(test.url, [{ text, values: [] }], 'force_custom_plan');
    expect(execution?.scanned).toEqual(['event']);
    expect(execution?.rows.get('event')).toBeGreaterThan(1_900_000);
  });
});

/** Pages of some tables, each counted once. */
async function sizeOf(tables: readonly string[]): Promise<number> {
  const [row] = await test.database.$queryRaw<{ pages: number }[]>(sql`
    SELECT sum(relpages)::int AS pages FROM pg_class
    WHERE relname = ANY(${[...new Set(tables)]}::text[]) AND relnamespace = 'public'::regnamespace`);
  return row?.pages ?? 0;
}
