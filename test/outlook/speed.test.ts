import pg from 'pg';
import { expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { forecast } from '../../outlook/forecast.ts';
import { crowdNow, fillWithLeads } from '../crowd.ts';
import { createDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';

const leads = Number(process.env.LEADS ?? 20_000);
it('is fast', async () => {
  const { database, url, drop } = await createDatabase(4);
  const t0 = Date.now();
  await fillWithLeads(url, leads);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`SET session_replication_role = replica;
    INSERT INTO event (id, provider_key, natural_hash, lead_id, kind, subject, at, received_at)
    SELECT uuidv7(), 'extra-' || number, md5('x' || number)::uuid, id, kind, subject, at, at FROM (
      SELECT row_number() OVER () AS number, l.id,
        (array['page','page','page','download','webinar','click','page'])[1 + floor(random()*7)::int] AS kind,
        (array['/pricing','/product/1','/','/careers','A guide','Some webinar'])[1 + floor(random()*6)::int] AS subject,
        timestamptz '${crowdNow}' - interval '140 days' * random() AS at
      FROM lead l CROSS JOIN generate_series(1, 10) i) e; ANALYZE event`);
  const n = await client.query(`SELECT count(*) FROM event WHERE kind IN ('click','page','form','download','webinar')`);
  await client.end();
  console.log('filled in', Date.now() - t0, n.rows[0]);
  const draft = theAgreement();
  const changed = structuredClone(draft);
  (changed.engagement.web as any).points['pricing page'] = 15;
  (changed.engagement.email as any).points.click = 7;
  (changed.engagement.content as any).cap = 50;
  changed.fit.criteria[0]!.weight = 45;
  changed.grade.hysteresis = 3;
  const cpu = process.cpuUsage();
  const t1 = Date.now();
  let peak = 0;
  const result = await forecast(database, {
    draft: changed, name: 'draft', from: null, to: instant(Date.parse(crowdNow)),
    onProgress: () => { peak = Math.max(peak, process.memoryUsage().rss); },
  });
  const used = process.cpuUsage(cpu);
  console.log('took', Date.now() - t1, 'cpu', (used.user + used.system) / 1e6, 'rss', peak / 1e6);
  const { moves, weeks, ...rest } = result;
  console.log(JSON.stringify(rest, null, 1), moves);
  expect(result.leads).toBe(leads);
  await drop();
}, 600_000);
