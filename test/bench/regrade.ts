import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { instant } from '../../domain/instant.ts';
import { Engine } from '../../engine/engine.ts';
import { activationState, type ActivationState } from '../../store/activation.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { sql } from '../../store/database.ts';
import { agreeOn } from '../agreed.ts';
import type { Machine } from './machine.ts';
import { bringIn, mailsEvery, prepare, publish } from './program.ts';
import { alternate, compared, costOf, type Run, type Scenario } from './run.ts';
import { low } from './report.ts';

const leads = 10_000;
const pageSize = 200;

/**
 * All leads graded anew under another agreement, against reading the same rows and writing them: page by page, with
 * one statement each for leads, events and what is written. Then once more with the worker killed in the middle.
 */
export const regrade: Scenario = async (machine, options) => {
  const { database } = machine;
  await prepare(machine, ['regrade']);
  await publish(database, 'regrade', mailsEvery('60 days', '1 day', 5));
  const worker = await machine.start('worker', 'worker.ts');
  await bringIn(machine, 'regrade', leads);
  await giveEvents(machine);
  // What the events say is seen once by an agreement that nobody measures.
  await graded(machine, await begin(machine));
  let last: Id | null = null;
  // What one of them has still to tell is no part of the next.
  const calm = async () => {
    if (last !== null) await graded(machine, last);
    await sleep(5_000);
  };
  const runs = await alternate(
    options,
    async () => {
      await calm();
      return timed(machine, async () => {
        last = await begin(machine);
        await lookedAt(machine, last);
      });
    },
    async () => {
      await calm();
      return timed(machine, () => readAndWrite(machine.env.DATABASE_URL ?? ''));
    },
  );
  await calm();
  const id = await begin(machine);
  while (((await activationState(database, id))?.looked ?? 0) < leads / 4) await sleep(10);
  process.kill(worker.process.pid, 'SIGKILL');
  await worker.stop();
  const { looked: before } = await stateOf(machine, id);
  await machine.start('worker', 'worker.ts');
  const { looked, total, changed, released } = await graded(machine, id);
  const [counted] = await database.$queryRaw<{ changed: number }[]>(sql`
    SELECT count(DISTINCT lead_id)::int AS changed FROM score
    WHERE agreement_id = (SELECT agreement_id FROM activation WHERE id = ${id}::uuid)`);
  options.say(
    `killed after ${before} of ${total}: ${looked} looked at, ${changed} changed (${counted?.changed} kept a score of it), ${released} let through`,
  );
  return [
    ...compared('regrade', 'leads graded anew', runs, { rate: 0.5 }),
    low(
      'regrade',
      'leads looked at twice or never, after a kill in the middle',
      [Math.abs(looked - total)],
      0,
    ),
  ];
};

let agreements = 0;

/**
 * Puts another agreement into force: by turns one of 15 points and one of 35 for the lowest band but one, so that
 * whoever saw the prices, and has about 20, has another grade each time.
 */
async function begin({ database, client }: Machine) {
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('No agreement is active.');
  agreements += 1;
  const { grade } = stored.agreement;
  const cuts = { ...grade.cuts, low: agreements % 2 === 0 ? 15 : 35 };
  const another = {
    ...stored.agreement,
    name: `agreement ${agreements}`,
    grade: { ...grade, cuts },
  };
  const { activation } = await agreeOn(database, another, instant(Date.now()));
  if (activation === null) throw new Error('The agreement was in force.');
  await new Engine(client).activation(activation, { shift: 0 });
  return activation;
}

type Id = Awaited<ReturnType<typeof begin>>;

async function stateOf({ database }: Machine, id: Id): Promise<ActivationState> {
  const state = await activationState(database, id);
  if (state === null) throw new Error('The activation is gone.');
  return state;
}

async function graded(machine: Machine, id: Id): Promise<ActivationState> {
  for (;;) {
    const state = await stateOf(machine, id);
    if (state.gradedAt !== null) return state;
    await sleep(10);
  }
}

/** Until all have their new grade; those that must look are told after that. */
async function lookedAt(machine: Machine, id: Id): Promise<void> {
  for (;;) {
    const { looked, total } = await stateOf(machine, id);
    if (looked >= total) return;
    await sleep(10);
  }
}

/** Five page views of each lead within the last weeks, of which every third lead saw the prices twice. */
async function giveEvents({ database }: Machine): Promise<void> {
  await database.$executeRaw(sql`
    INSERT INTO event (id, provider_key, natural_hash, lead_id, kind, subject, at, received_at)
    SELECT uuidv7(), 'bench/' || lead.id || n, gen_random_uuid(), lead.id, 'page',
      CASE WHEN number % 3 = 0 AND n <= 2 THEN '/pricing' ELSE '/page/' || n END,
      now() - interval '1 day' * n, now() - interval '1 day' * n
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM lead) lead CROSS JOIN generate_series(1, 5) n`);
}

/** The rows that grading reads and writes, read and written with nothing decided. */
async function readAndWrite(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const { rows } = await client.query<{ id: string }>(
        'SELECT * FROM lead WHERE id > $1 ORDER BY id LIMIT $2',
        [after, pageSize],
      );
      const ids = rows.map(({ id }) => id);
      after = ids.at(-1) ?? after;
      if (ids.length === 0) return;
      await client.query('SELECT * FROM enrollment WHERE lead_id = ANY($1)', [ids]);
      await client.query('SELECT * FROM event WHERE lead_id = ANY($1)', [ids]);
      await client.query('UPDATE lead SET turn = turn + 1, scored_at = now() WHERE id = ANY($1)', [
        ids,
      ]);
      // Every third has another grade, and keeps the score that says so.
      await client.query(
        `INSERT INTO score (id, lead_id, agreement_id, at, fit, engagement, fit_band, engagement_band, grade, hand_raised, lines)
         SELECT gen_random_uuid(), lead_id, agreement_id, at, fit, engagement, fit_band, engagement_band, grade, hand_raised, lines
         FROM (SELECT DISTINCT ON (lead_id) * FROM score WHERE lead_id = ANY($1) ORDER BY lead_id, at) s`,
        [ids.filter((_, n) => n % 3 === 0)],
      );
    }
  } finally {
    await client.end();
  }
}

async function timed(machine: Machine, work: () => Promise<void>): Promise<Run> {
  const before = await machine.cpu();
  const began = Date.now();
  await work();
  const took = Date.now() - began;
  return { rate: (leads / took) * 1000, cpu: costOf(before, await machine.cpu(), leads) };
}
