import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, PersonId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { SetClock } from '../../engine/clock.ts';
import { saveAccounts } from '../../store/account.ts';
import { loadFacts } from '../../store/facts.ts';
import { mailLead } from '../../store/mail-lead.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { handedOver } from '../handed-over.ts';
import { address, aLead } from '../program.ts';

const clock = new SetClock(instant(Date.parse('2026-03-02T08:00:00Z')));
let test: TestDatabase;
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

/** The rep that mails to a lead are signed by, which is one thing wherever it is asked for. */
async function repOf(lead: LeadId): Promise<string | null | undefined> {
  const facts = await loadFacts(test.database, lead, clock.now());
  const told = await mailLead(test.database, { id: lead });
  expect(facts?.lead.rep).toBe(told?.rep);
  return told?.rep;
}

describe('the rep of a lead', () => {
  it('is the owner of its account, else who last had its escalation, if they still work here', async () => {
    const { database } = test;
    const person = (key: string) => database.person.findUniqueOrThrow({ where: { key } });
    const [sophie, daan] = [await person('sophie'), await person('daan')];
    const here = (id: string, active: boolean) =>
      database.person.update({ where: { id }, data: { active } });

    expect(await repOf(await aLead({ database, clock }))).toBeNull();
    const { lead } = await handedOver({ database, clock }, { owner: 'sophie' });
    expect(await repOf(lead)).toBe(sophie.name);

    const row = await database.lead.findUniqueOrThrow({ where: { id: lead } });
    const [, domain = ''] = (row.address ?? '').split('@');
    const owner = daan.id as PersonId;
    await saveAccounts(database, [{ domain, name: null, status: null, owner }], clock.now());
    expect(await repOf(lead)).toBe(daan.name);
    await here(daan.id, false);
    expect(await repOf(lead)).toBe(sophie.name);
    await here(sophie.id, false);
    expect(await repOf(lead)).toBeNull();
  });

  it('comes with the lead by any of its addresses; of nobody there is none', async () => {
    const { database } = test;
    const lead = await aLead({ database, clock }, { firstName: 'Grace' });
    const { address: text } = await database.lead.findUniqueOrThrow({ where: { id: lead } });
    const found = await mailLead(database, { address: address(text ?? '') });
    expect(found).toMatchObject({ id: lead, fields: { firstName: 'Grace' }, rep: null });
    expect(await mailLead(database, { address: address('nobody@nowhere.example') })).toBeNull();
  });
});
