import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPeople } from '../../domain/escalation/schema.ts';
import { instant } from '../../domain/instant.ts';
import { activate } from '../../store/activation.ts';
import { contentHashOf, keepAgreement } from '../../store/agreement.ts';
import { sign, signers } from '../../store/approval.ts';
import { mailSwitch, switchMail } from '../../store/control.ts';
import { openDatabase } from '../../store/database.ts';
import { openImport, openSource } from '../../store/lead.ts';
import { takeOverPeople } from '../../store/person.ts';
import { migrate } from '../../store/schema-engine.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';
import { aRow, bringIn, WebProcess, WorkerProcess } from '../processes.ts';
import { address, aLead, anArrival, bestFit } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
const clock = { now: () => at, shift: () => 0 };
let test: TestDatabase;
beforeAll(async () => {
  test = await createDatabase(30);
});
afterAll(() => test.drop());

const many = <T>(of: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 20 }, (_, n) => of(n)));

describe('what is made once is made by whoever comes first, and found by all others', () => {
  it('a source, also within transactions that go on', async () => {
    const ids = await many(() =>
      test.database.transaction(session => openSource(session, 'new fair', null, at)),
    );
    expect(new Set(ids).size).toBe(1);
    const cost = { minor: 500n, currency: 'EUR' };
    await many(() => openSource(test.database, 'costly fair', cost, at));
    await many(() => openSource(test.database, 'costly fair', null, at));
    const where = { key: 'costly fair' };
    expect(await test.database.source.findUniqueOrThrow({ where })).toMatchObject({
      costMinor: 500n,
      currency: 'EUR',
    });
  });

  it('an import of one file', async () => {
    const source = await openSource(test.database, 'file', null, at);
    const ids = await many(() => openImport(test.database, 'one file', source, at));
    expect(new Set(ids).size).toBe(1);
  });

  it('a lead of whom files and posts tell at once, in any order', async () => {
    const web = new WebProcess(test.url, 20, at);
    const people = Array.from({ length: 10 }, (_, n) => address(`new-${n}@new-${n % 3}.example`));
    const inOrder = (n: number) => (n % 2 === 0 ? people : people.toReversed());
    await many<unknown>(n =>
      n % 4 < 2
        ? web.tell(inOrder(n), `Question ${n}`)
        : bringIn(
            test.database,
            inOrder(n).map(of => aRow(of)),
            at,
          ),
    );
    await web.close();
    const leads = await test.database.lead.findMany({
      where: { address: { in: people } },
      include: { events: true },
    });
    expect(leads.map(lead => lead.address).toSorted()).toEqual(people.toSorted());
    for (const { events } of leads) expect(events).toHaveLength(10);
    expect(await test.database.account.count({ where: { domain: { startsWith: 'new-' } } })).toBe(
      3,
    );
  });

  it('an escalation of each lead that asks for sales, however many turns see it', async () => {
    const workers = [new WorkerProcess(test.url, 15, at), new WorkerProcess(test.url, 15, at)];
    const web = new WebProcess(test.url, 10, at);
    const leads = await many(() => aLead({ database: test.database, clock }, bestFit));
    const raised = leads.map(lead => anArrival(lead, { kind: 'form', subject: 'Book a demo', at }));
    const posts = [1, 2, 3].map(() => web.post(raised));
    const turns = workers.flatMap(worker => [...leads, ...leads].map(lead => worker.turn(lead)));
    await Promise.all([...posts, ...turns]);
    for (const worker of workers) await Promise.all(leads.map(lead => worker.turn(lead)));
    await Promise.all([web, ...workers].map(process => process.close()));
    const escalations = await test.database.escalation.findMany({
      where: { leadId: { in: leads } },
      include: { assignments: true, slot: true },
    });
    expect(escalations.map(({ leadId }) => leadId).toSorted()).toEqual(leads.toSorted());
    for (const { ownerId, assignments, slot } of escalations) {
      expect(assignments).toMatchObject([{ n: 1, personId: ownerId }]);
      expect(slot).not.toBeNull();
    }
    const enrolled = { leadId: { in: leads }, endedAt: null };
    expect(await test.database.enrollment.count({ where: enrolled })).toBe(0);
  });

  it('a signature of a team under a draft, and its coming into force, of many who ask for them', async () => {
    const { database } = test;
    const agreement = { ...theAgreement(), name: 'another' };
    const kept = await many(() => keepAgreement(database, agreement, null, at));
    expect(new Set(kept.map(({ version }) => version)).size).toBe(1);
    const agreementId = kept[0]?.id ?? expect.fail();
    const contentHash = contentHashOf(agreement);
    for (const { id: personId } of await signers(database)) {
      const signed = await many(() =>
        sign(database, { agreementId, contentHash, personId, way: 'link' }, at),
      );
      expect(signed.filter(result => 'team' in result)).toHaveLength(1);
    }
    const activated = await many(() => activate(database, agreementId, at));
    expect(activated.filter(result => 'activation' in result)).toHaveLength(1);
    expect(await database.agreement.findMany({ where: { activeSlot: 1 } })).toMatchObject([
      { id: agreementId },
    ]);
  });

  it('the people of a new installation, and its switch of all mail', async () => {
    const fresh = await createEmptyDatabase();
    await migrate(fresh.url);
    const database = openDatabase(fresh.url, 20);
    try {
      const people = readPeople('people.yaml', await readFile('agreement/people.yaml', 'utf8'));
      await many(() => takeOverPeople(database, people));
      expect(await database.person.count()).toBe(people.people.length);
      expect(await database.person.count({ where: { catchAllSlot: 1 } })).toBe(1);
      await many(() => switchMail(database, 'off', at));
      expect(await mailSwitch(database)).toBe('off');
    } finally {
      await database.close();
      await fresh.drop();
    }
  });
});
