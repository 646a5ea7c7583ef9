import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { activateAgreement, activeAgreement } from '../../store/agreement.ts';
import { theAgreement } from '../domain/facts.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

let test: TestDatabase;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

it('an agreement keeps the order of what it says, because the first description that fits counts', async () => {
  const agreement = theAgreement();
  const events = {
    'enterprise pricing page': { kind: 'page' as const, like: ['/pricing/enterprise*'] },
    'pricing page': { kind: 'page' as const, like: ['/pricing*'] },
    a: { kind: 'page' as const, like: ['*'] },
  };
  await activateAgreement(test.database, { ...agreement, events }, at);
  const stored = await activeAgreement(test.database);
  expect(Object.keys(stored?.agreement.events ?? {})).toEqual(Object.keys(events));
  expect(Object.keys(stored?.agreement.rejections ?? {})).toEqual(
    Object.keys(agreement.rejections),
  );
});

it('an agreement that says the same is the same version, and one said before is active again', async () => {
  const agreement = theAgreement();
  const first = await activateAgreement(test.database, { ...agreement, name: 'one' }, at);
  expect(await activateAgreement(test.database, { ...agreement, name: 'one' }, at)).toEqual({
    version: first.version,
    changed: false,
  });
  const second = await activateAgreement(test.database, { ...agreement, name: 'two' }, at);
  expect(second.version).toBe(first.version + 1);
  expect(await activateAgreement(test.database, { ...agreement, name: 'one' }, at)).toEqual({
    version: first.version,
    changed: true,
  });
});
