import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { day, plus, type Instant } from '../../domain/instant.ts';
import { calibrate } from '../../outlook/calibrate.ts';
import { forecast } from '../../outlook/forecast.ts';
import { worldOf } from '../../sandbox/people/world.ts';
import { json, newId, sql } from '../../store/database.ts';
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
  // Half of what was accepted is won three days later.
  await app.database.$executeRaw(sql`
    INSERT INTO outcome (id, source, external_id, lead_id, kind, at, recorded_at)
    SELECT gen_random_uuid(), 'crm', d.id::text, x.lead_id, 'won', d.at + interval '3 days', d.at + interval '3 days'
    FROM disposition d JOIN escalation x ON x.id = d.escalation_id
    WHERE d.kind = 'accepted' AND d.at < moment(${to}::bigint) - interval '4 days'
    ORDER BY d.at LIMIT 3`);
}, 200_000);
afterAll(() => app.stop());

const ahead = (draft: Agreement = theAgreement()): Promise<Forecast> =>
  forecast(app.database, { draft, name: 'draft', from, to, onProgress: () => undefined });

async function counted(statement: ReturnType<typeof sql>): Promise<Record<string, number>> {
  const rows = await app.database.$queryRaw<{ name: string; count: number }[]>(statement);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

describe('a forecast of what was rehearsed', () => {
  it('hands over, under the agreement that was in force, whom the engine handed over', async () => {
    const result = await ahead();
    const real = await counted(sql`
      SELECT 'all' AS name, count(*)::int AS count FROM escalation
      UNION ALL SELECT 'asked', count(*)::int FROM escalation WHERE cause <> 'crossing'
      UNION ALL SELECT 'leads', count(DISTINCT lead_id)::int FROM escalation`);
    console.log(json(result), real);
    expect(result.escalations.active).toMatchObject({ total: real.all, askedFor: real.asked });
  });
  it('calib', async () => {
    console.log(json(await calibrate(app.database, 'accepted', to)));
    const rows = await counted(sql`SELECT grade AS name, count(*)::int AS count FROM lead GROUP BY 1`);
    console.log(rows, newId());
  });
});
