import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Calibration } from '../../domain/agreement/calibrate.ts';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { grades } from '../../domain/agreement/grade.ts';
import { day, plus, type Instant } from '../../domain/instant.ts';
import { calibrate } from '../../outlook/calibrate.ts';
import { forecast } from '../../outlook/forecast.ts';
import { worldOf } from '../../sandbox/people/world.ts';
import { sql } from '../../store/database.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { begun } from '../sandbox/rehearsal/begun.ts';

const leads = 60;
const days = 24;

let app: App;
let from: Instant;
let to: Instant;

beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  from = app.clock.now();
  to = plus(from, days * day);
  const world = worldOf(app.config, app.sandbox.reader, app.config.http.publicUrl);
  const conductor = await begun({ ...app, world }, 1, leads);
  await conductor.play(to, new AbortController().signal);
  // What another system knows of leads, whether sales had them or not.
  await app.database.$executeRaw(sql`
    INSERT INTO outcome (id, source, external_id, lead_id, kind, at, recorded_at)
    SELECT gen_random_uuid(), 'crm', address, id, CASE WHEN n % 3 = 0 THEN 'won' ELSE 'lost' END,
      moment(${to}::bigint) - n * interval '1 hour', moment(${to}::bigint)
    FROM (SELECT id, address, row_number() OVER (ORDER BY address) AS n FROM lead) l WHERE n % 4 <> 0`);
}, 200_000);
afterAll(() => app.stop());

async function counted(statement: ReturnType<typeof sql>): Promise<Record<string, number>> {
  const rows = await app.database.$queryRaw<{ name: string; count: number }[]>(statement);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** Everything that was said of a lead and judges it, in order, as the tables say it. */
const said = sql`
  SELECT x.lead_id, d.kind, d.at FROM disposition d JOIN escalation x ON x.id = d.escalation_id
  WHERE d.kind IN ('accepted', 'qualified', 'won', 'rejected', 'lost')
  UNION ALL SELECT lead_id, kind, at FROM outcome`;

describe('a forecast of what was rehearsed', () => {
  let result: Forecast;
  beforeAll(async () => {
    const draft = theAgreement();
    const options = { draft, name: 'draft', from, to, onProgress: () => undefined };
    result = await forecast(app.database, options);
  });

  it('hands over, under the agreement that was in force, whom the engine handed over', async () => {
    const real = await counted(sql`
      SELECT 'total' AS name, count(*)::int AS count FROM escalation
      UNION ALL SELECT 'askedFor', count(*)::int FROM escalation WHERE cause <> 'crossing'`);
    expect(real.total).toBeGreaterThan(3);
    expect(result.escalations.active).toMatchObject(real);
    expect(result.escalations.real).toEqual(result.escalations.active);
    const weeks = await counted(sql`
      SELECT to_char(created_at AT TIME ZONE 'Europe/Berlin', 'IYYY-"W"IW') AS name, count(*)::int AS count
      FROM escalation GROUP BY 1`);
    expect(
      Object.fromEntries(
        result.weeks.filter(week => week.active > 0).map(({ week, active }) => [week, active]),
      ),
    ).toEqual(weeks);
  });

  it('grades leads in nurture as they are graded', async () => {
    // Whoever rests or is with sales is not looked at as points fade; a forecast does.
    const real = await counted(sql`
      SELECT grade AS name, count(*)::int AS count FROM lead
      JOIN open_slot ON lead_id = id WHERE enrollment_id IS NOT NULL GROUP BY 1`);
    const others = leads - Object.values(real).reduce((sum, count) => sum + count, 0);
    expect(others).toBeLessThan(leads / 4);
    let apart = 0;
    for (const grade of grades)
      apart += Math.max(0, (real[grade] ?? 0) - result.moves[grade][grade]);
    expect(apart).toBe(0);
    expect(grades.reduce((sum, grade) => sum + result.moves[grade][grade], 0)).toBe(leads);
  });

  it('counts what came of leads as the tables tell it', async () => {
    const real = await counted(sql`
      WITH said AS (${said}),
      last AS (SELECT DISTINCT ON (lead_id) lead_id, kind, at FROM said ORDER BY lead_id, at DESC),
      judged AS (
        SELECT *, kind IN ('accepted', 'qualified', 'won') AS good,
          EXISTS (SELECT FROM escalation x WHERE x.lead_id = last.lead_id AND x.created_at <= last.at) AS had
        FROM last)
      SELECT 'good' AS name, count(*) FILTER (WHERE good)::int AS count FROM judged
      UNION ALL SELECT 'good caught', count(*) FILTER (WHERE good AND had)::int FROM judged
      UNION ALL SELECT 'bad', count(*) FILTER (WHERE NOT good)::int FROM judged
      UNION ALL SELECT 'in vain', count(*) FILTER (WHERE NOT good AND had)::int FROM judged
      UNION ALL SELECT 'pending', count(DISTINCT lead_id)::int FROM escalation
        WHERE lead_id NOT IN (SELECT lead_id FROM last)
      UNION ALL SELECT 'had', count(DISTINCT lead_id)::int FROM escalation`);
    const { wanted, unwanted, handedOver } = result.outcomes;
    expect(real.good).toBeGreaterThan(5);
    expect([wanted.leads, wanted.active.count]).toEqual([real.good, real['good caught']]);
    expect([unwanted.leads, unwanted.active.count]).toEqual([real.bad, real['in vain']]);
    expect(handedOver.active).toMatchObject({ leads: real.had, pending: real.pending });
  });
});

describe('a calibration of what was rehearsed', () => {
  let result: Calibration;
  beforeAll(async () => {
    result = await calibrate(app.database, 'accepted', to);
  });

  /** Leads with what became of them, and the moment before which they were looked at. */
  const cases = sql`
    SELECT lead_id, good IS NOT NULL AS converted, good IS NOT NULL OR bad IS NOT NULL AS settled, coalesce(
      (SELECT max(created_at) FROM escalation x WHERE x.lead_id = c.lead_id AND x.created_at <= coalesce(good, bad, 'infinity')),
      first) AS moment
    FROM (
      SELECT l.id AS lead_id, min(s.at) FILTER (WHERE s.kind IN ('accepted', 'qualified', 'won')) AS good,
        max(s.at) FILTER (WHERE s.kind IN ('rejected', 'lost')) AS bad, min(s.at) AS first
      FROM lead l LEFT JOIN (${said}) s ON s.lead_id = l.id GROUP BY l.id) c
    WHERE first IS NOT NULL OR EXISTS (SELECT FROM escalation x WHERE x.lead_id = c.lead_id)`;

  async function recounted(having: ReturnType<typeof sql>): Promise<number[]> {
    const [row] = await app.database.$queryRaw<Record<'count' | 'of' | 'pending', number>[]>(sql`
      SELECT count(*) FILTER (WHERE converted)::int AS count, count(*) FILTER (WHERE settled)::int AS of,
        count(*) FILTER (WHERE NOT settled)::int AS pending
      FROM (${cases}) c JOIN lead l ON l.id = c.lead_id WHERE ${having}`);
    return [row?.count ?? 0, row?.of ?? 0, row?.pending ?? 0];
  }

  const told = (rule: string): number[] => {
    const found = [...result.fit, ...result.engagement].find(finding => finding.rule === rule);
    return [found?.share.count ?? -1, found?.share.of ?? -1, found?.pending ?? -1];
  };

  it('counts all leads, and those of a field’s value, as the tables tell it', async () => {
    const { base, pending } = result;
    expect(base.of).toBeGreaterThan(30);
    expect([base.count, base.of, pending]).toEqual(await recounted(sql`true`));
    expect(told('fit.country.100')).toEqual(await recounted(sql`l.country IN ('DE', 'AT', 'CH')`));
    expect(told('fit.employees.60')).toEqual(await recounted(sql`l.employees BETWEEN 50 AND 199`));
    expect(told('fit.industry.missing')).toEqual(await recounted(sql`l.industry IS NULL`));
  });

  it('counts what leads had done by then, and nothing that came later', async () => {
    const did = (condition: ReturnType<typeof sql>, window: string) => sql`EXISTS (
      SELECT FROM event e WHERE e.lead_id = l.id AND ${condition} AND e.received_at <= c.moment
        AND e.at <= c.moment AND e.at > c.moment - ${window}::interval)`;
    const pricing = await recounted(
      did(sql`e.kind = 'page' AND e.subject LIKE '/pricing%'`, '30 days'),
    );
    const downloads = await recounted(
      did(sql`e.kind = 'download' AND e.subject ~* 'guide|worksheet|checklist'`, '60 days'),
    );
    expect(pricing[1]).toBeGreaterThan(0);
    expect(downloads[1]).toBeGreaterThan(0);
    expect(told('engagement.web.points.pricing page')).toEqual(pricing);
    expect(told('engagement.content.points.guide')).toEqual(downloads);
  });
});

describe('the commands', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-forecast-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(...words: string[]): Promise<string> {
    const { config } = app;
    const env = {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: config.databaseUrl },
      ...{ ...config.temporal.env, TEMPORAL_NAMESPACE: config.temporal.namespace },
      SENDGRID_API_KEY: config.sendgrid.apiKey,
      SENDGRID_WEBHOOK_PUBLIC_KEY: config.sendgrid.webhookPublicKey,
      LOCKSTEP_PUBLIC_URL: config.http.publicUrl,
      LOCKSTEP_SECRET: config.secret,
      LOCKSTEP_API_KEY: config.apiKey,
    };
    const args = ['cli/lockstep.mjs', 'agreement', ...words];
    return (await promisify(execFile)(process.execPath, args, { env })).stdout;
  }

  it('tell a forecast within 80 columns, as JSON, and as a page', async () => {
    const page = join(folder, 'pages', 'forecast.html');
    const period = ['--from', '2026-03-02', '--to', '2026-03-26'];
    const out = await run('forecast', ...period, '--page', page);
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(
      Math.max(80, page.length + 24),
    );
    expect(out).toContain('agreement/agreement.yaml beside version 1, which is in force');
    const json = JSON.parse(await run('forecast', ...period, '--json')) as Forecast;
    expect(json).toMatchObject({ v: 1, active: 1, leads });
    expect(await readFile(page, 'utf8')).toContain('Forecast of agreement/agreement.yaml');
  });

  it('tell a calibration within 80 columns, and write a draft beside, once', async () => {
    const draft = join(folder, 'draft.yaml');
    const out = await run('calibrate', '--outcome', 'won', '--out', draft);
    const lines = out.split('\n').filter(line => !line.includes(folder));
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('Leads that were won, under version 1 in force');
    expect(await readFile(draft, 'utf8')).toBe(await readFile('agreement/agreement.yaml', 'utf8'));
    await expect(run('calibrate', '--out', draft)).rejects.toThrow('is there already');
    expect(await readFile(draft, 'utf8')).toBe(await readFile('agreement/agreement.yaml', 'utf8'));
  });
});
