import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, PersonId } from '../../domain/ids.ts';
import { hour, minute, plus, type Instant } from '../../domain/instant.ts';
import { saveAccounts } from '../../store/account.ts';
import { leadsOfAccount } from '../../store/account-sheet.ts';
import { accountTies } from '../../store/account-ties.ts';
import { endEscalation, escalate } from '../../store/escalation.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { leadsAt, now } from '../intake/files.ts';
import { WorkerProcess } from '../processes.ts';
import { bestFit } from '../program.ts';

let test: TestDatabase;
let worker: WorkerProcess;
let people: Record<string, PersonId>;
beforeAll(async () => {
  test = await createDatabase();
  worker = new WorkerProcess(test.url, 2, now);
  const rows = await test.database.person.findMany();
  people = Object.fromEntries(rows.map(({ key, id }) => [key, id as PersonId]));
});
afterAll(async () => {
  await worker.close();
  await test.drop();
});

const none = { owner: null, colleagueRep: null, lastRep: null, joins: null };
const ties = (lead: LeadId, at: Instant = plus(now, 10 * hour)) =>
  accountTies(test.database, lead, at);
const owned = (domain: string, owner: PersonId | 'none') =>
  saveAccounts(test.database, [{ domain, name: null, status: null, owner }], now);

/** Some graded leads of one domain, in the order in which they came. */
async function leadsOf(domain: string, count: number): Promise<LeadId[]> {
  const addresses = Array.from({ length: count }, (_, n) => `person-${n}@${domain}`);
  const leads = await leadsAt(test.database, addresses, bestFit);
  for (const lead of leads) {
    await test.database.lead.update({ where: { id: lead }, data: { revision: 2 } });
    await worker.turn(lead);
  }
  return leads.toSorted();
}

/** Gives a lead to somebody, whatever it is in. */
async function give(lead: LeadId, key: string, at: Instant) {
  const { database } = test;
  const score = await database.score.findFirstOrThrow({ where: { leadId: lead } });
  return database.transaction(async session => {
    await session.$executeRawUnsafe(
      `UPDATE enrollment SET ended_at = now(), end_reason = 'escalated' WHERE lead_id = '${lead}' AND ended_at IS NULL`,
    );
    await session.openSlot.deleteMany({ where: { leadId: lead } });
    return escalate(session, {
      leadId: lead,
      originKey: `${lead}/${at}`,
      scoreId: score.id,
      enrollmentId: null,
      grade: 'B',
      cause: 'crossing',
      segment: null,
      joins: null,
      route: { person: people[key] ?? expect.fail(), cause: 'routed', reason: 'in territory' },
      acceptDueAt: plus(at, hour),
      contactDueAt: plus(at, hour),
      at,
    });
  });
}
const isThere = (key: string, active: boolean) =>
  test.database.person.update({ where: { key }, data: { active } });

describe('the ties of a lead', () => {
  it('are none for a lead that nobody has had, nor for one that there is not', async () => {
    const [lead] = await leadsOf('one.example', 2);
    expect(await ties(lead ?? expect.fail())).toEqual(none);
    expect(await ties(people.lena as unknown as LeadId)).toEqual(none);
  });

  it('are the owner of its account, while there', async () => {
    const [lead = expect.fail()] = await leadsOf('two.example', 1);
    await owned('two.example', people.lena ?? expect.fail());
    expect(await ties(lead)).toEqual({ ...none, owner: people.lena });
    await isThere('lena', false);
    expect(await ties(lead)).toEqual(none);
    await isThere('lena', true);
    await owned('two.example', 'none');
    expect(await ties(lead)).toEqual(none);
  });

  it('are the rep who has a colleague now, of several whoever was asked last', async () => {
    const [lead = expect.fail(), second = expect.fail(), third = expect.fail()] = await leadsOf(
      'three.example',
      3,
    );
    const first = await give(second, 'lena', now);
    expect(await ties(lead)).toEqual({ ...none, colleagueRep: people.lena, joins: first });
    const last = await give(third, 'emil', plus(now, minute));
    expect(await ties(lead)).toEqual({ ...none, colleagueRep: people.emil, joins: last });
    // One who has left has nobody join; one whose lead came back has it no more.
    await isThere('emil', false);
    expect(await ties(lead)).toEqual({ ...none, colleagueRep: people.lena, joins: first });
    await isThere('emil', true);
    await endEscalation(test.database, last, 'rejected', {}, plus(now, hour));
    expect(await ties(lead)).toEqual({ ...none, colleagueRep: people.lena, joins: first });
    expect(await ties(third)).toMatchObject({ lastRep: people.emil, joins: first });
  });

  it('are the rep who had the lead the last time, and not its own open escalation', async () => {
    const [lead = expect.fail()] = await leadsOf('four.example', 1);
    const first = await give(lead, 'lena', now);
    expect(await ties(lead)).toEqual({ ...none, lastRep: people.lena });
    expect(await ties(lead, plus(now, -hour))).toEqual(none);
    await endEscalation(test.database, first, 'rejected', {}, plus(now, minute));
    const second = await give(lead, 'emil', plus(now, hour));
    await endEscalation(test.database, second, 'rejected', {}, plus(now, 2 * hour));
    expect(await ties(lead)).toEqual({ ...none, lastRep: people.emil });
    // Who had it before that does not come in for one who has left.
    await isThere('emil', false);
    expect(await ties(lead)).toEqual(none);
    await isThere('emil', true);
  });

  it('are none of strangers who share a provider of mail', async () => {
    const [lead = expect.fail(), other = expect.fail()] = await leadsOf('gmail.com', 2);
    await give(other, 'lena', now);
    expect(await ties(lead)).toEqual(none);
    expect(await leadsOfAccount(test.database, lead, now)).toEqual([]);
  });
});

describe('the other leads of an account', () => {
  it('are told without itself, the best first and at most 20, with who has them', async () => {
    const [lead = expect.fail(), ...others] = await leadsOf('five.example', 23);
    const best = others[9] ?? expect.fail();
    await test.database.lead.update({ where: { id: best }, data: { grade: 'B' } });
    await give(best, 'lena', now);
    const told = await leadsOfAccount(test.database, lead, plus(now, hour));
    expect(told).toHaveLength(20);
    expect(told[0]).toEqual({
      id: best,
      name: 'Ada Lovelace',
      title: bestFit.title,
      grade: 'B',
      stage: 'mql',
      rep: 'Lena Vogt',
    });
    const rest = others.filter(id => id !== best).slice(0, 19);
    expect(told.slice(1).map(({ id }) => id)).toEqual(rest);
    await saveAccounts(
      test.database,
      [{ domain: 'five.example', name: null, status: 'customer', owner: null }],
      now,
    );
    expect(await leadsOfAccount(test.database, best, now)).toMatchObject([
      { id: lead, stage: 'customer', rep: null },
      ...others
        .filter(id => id !== best)
        .slice(0, 19)
        .map(id => ({ id })),
    ]);
  });
});
