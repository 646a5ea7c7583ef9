import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { activate, activations } from '../../store/activation.ts';
import {
  activeAgreement,
  agreementHeads,
  contentHashOf,
  keepAgreement,
  takeOverAgreement,
} from '../../store/agreement.ts';
import { sign, signaturesOf, signers, type Signer } from '../../store/approval.ts';
import { agreeOn } from '../agreed.ts';
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
  await agreeOn(test.database, { ...agreement, events }, at);
  const stored = await activeAgreement(test.database);
  expect(Object.keys(stored?.agreement.events ?? {})).toEqual(Object.keys(events));
  expect(Object.keys(stored?.agreement.rejections ?? {})).toEqual(
    Object.keys(agreement.rejections),
  );
});

const another = (name: string) => ({ ...theAgreement(), name });
const propose = async (name: string) => {
  const agreement = another(name);
  const { id, version } = await keepAgreement(test.database, agreement, null, at);
  return { agreementId: id, contentHash: contentHashOf(agreement), version };
};
const signerOf = async (team: string): Promise<Signer> =>
  (await signers(test.database)).find(signer => signer.team === team) ?? expect.fail();

it('what says the same is the same version, and one that was in force may be again', async () => {
  const first = await agreeOn(test.database, another('one'), at);
  expect((await agreeOn(test.database, another('one'), at)).version).toBe(first.version);
  const second = await agreeOn(test.database, another('two'), at);
  expect(second.version).toBe(first.version + 1);
  expect((await agreeOn(test.database, another('one'), at)).version).toBe(first.version);
  expect((await activeAgreement(test.database))?.version).toBe(first.version);
  const heads = await agreementHeads(test.database);
  expect(heads.slice(0, 2).map(({ state }) => state)).toEqual(['archived', 'active']);
  expect((await activations(test.database)).filter(({ endedAt }) => endedAt === null)).toHaveLength(
    1,
  );
});

it('an installation that has an agreement in force keeps it, whatever its folder says', async () => {
  const active = await activeAgreement(test.database);
  const files = { 'agreement.yaml': '', 'segments.yaml': '' };
  expect(await takeOverAgreement(test.database, another('from the folder'), files, at)).toEqual({
    version: active?.version,
    changed: false,
    saysTheSame: false,
  });
});

it('a draft comes into force when both teams have signed, and not before', async () => {
  const { agreementId, contentHash } = await propose('three');
  const { database } = test;
  expect(await activate(database, agreementId, at)).toEqual({
    refused: 'unsigned',
    missing: ['marketing', 'sales'],
  });
  const { id: marketer } = await signerOf('marketing');
  const signed = { agreementId, contentHash, personId: marketer, way: 'link' as const };
  expect(await sign(database, signed, at)).toEqual({ team: 'marketing' });
  expect(await sign(database, signed, at)).toEqual({ refused: 'signed already' });
  expect(await activate(database, agreementId, at)).toEqual({
    refused: 'unsigned',
    missing: ['sales'],
  });
  const { id: manager } = await signerOf('sales');
  expect(await sign(database, { ...signed, personId: manager }, at)).toEqual({ team: 'sales' });
  expect((await signaturesOf(database, agreementId)).map(({ team }) => team)).toEqual([
    'marketing',
    'sales',
  ]);
  expect(await activate(database, agreementId, at)).toHaveProperty('activation');
  expect(await activate(database, agreementId, at)).toEqual({ refused: 'active already' });
  expect(await sign(database, signed, at)).toEqual({ refused: 'no draft any more' });
});

it('a signature is for the newest draft, for just its text, and by somebody who may', async () => {
  const { database } = test;
  const older = await propose('four');
  const newer = await propose('five');
  const { id: personId } = await signerOf('sales');
  const by = { personId, way: 'link' as const };
  expect(await sign(database, { ...older, ...by }, at)).toEqual({ refused: 'a newer draft' });
  const { contentHash } = older;
  expect(await sign(database, { ...newer, contentHash, ...by }, at)).toEqual({
    refused: 'another text',
  });
  const { id: rep } = await database.person.findFirstOrThrow({ where: { role: 'rep' } });
  const stranger = { ...by, personId: rep as Signer['id'] };
  expect(await sign(database, { ...newer, ...stranger }, at)).toEqual({ refused: 'no member' });
});
