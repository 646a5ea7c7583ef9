import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentId, EscalationId, LeadId, MergeId, PersonId } from '../../domain/ids.ts';
import { day, instant, plus } from '../../domain/instant.ts';
import { newId, sql } from '../../store/database.ts';
import { endEscalation, recordAnswer } from '../../store/escalation.ts';
import { ingestEvents } from '../../store/event.ts';
import { loadFacts } from '../../store/facts.ts';
import { leadByAddress, openSource, upsertLeads } from '../../store/lead.ts';
import { mergeLeads, planMerge, type MergeRequest } from '../../store/merge.ts';
import { storeOutcomes } from '../../store/outcome.ts';
import { claimSend, settleSend } from '../../store/send.ts';
import { isSuppressed, optOut } from '../../store/suppression.ts';
import { mergeOfAddress, planUndo, undoMerge } from '../../store/unmerge.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { aRow, WorkerProcess } from '../processes.ts';
import { address, aLead, anArrival } from '../program.ts';

let test: TestDatabase;
let worker: WorkerProcess;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));
const soon = plus(at, day);
const clock = { now: () => at, shift: () => 0 };
beforeAll(async () => {
  test = await createDatabase(10);
  worker = new WorkerProcess(test.url, 5, at);
});
afterAll(async () => {
  await worker.close();
  await test.drop();
});

const nothing = async () => undefined;
const aPerson = (fields = {}) => aLead({ database: test.database, clock }, fields);

/** A lead in nurture that was sent some mails. */
async function nurtured(...mails: string[]): Promise<LeadId> {
  const lead = await aPerson();
  await worker.turn(lead);
  for (const mail of mails) await worker.deliver(lead, mail, nothing);
  return lead;
}

async function does(lead: LeadId, kind: 'page' | 'form' | 'reply' = 'page', more = {}) {
  const event = anArrival(lead, { kind, at, ...more });
  await ingestEvents(test.database, [event], at);
  return event;
}

/** A lead that is with a rep, because it answered. */
async function escalated(): Promise<LeadId> {
  const lead = await nurtured();
  await does(lead, 'reply');
  await worker.turn(lead);
  return lead;
}

async function addressOf(lead: LeadId) {
  const row = await test.database.lead.findUniqueOrThrow({ where: { id: lead } });
  return address(row.address ?? '');
}

function merging(survivor: LeadId, merged: LeadId, more: Partial<MergeRequest> = {}) {
  return mergeLeads(test.database, { survivor, merged, who: 'ops', way: 'cli', ...more }, at);
}

async function merge(survivor: LeadId, merged: LeadId) {
  const result = await merging(survivor, merged);
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

async function undo(id: MergeId) {
  const result = await undoMerge(test.database, id, soon);
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

async function slotOf(lead: LeadId) {
  return test.database.openSlot.findUnique({ where: { leadId: lead } });
}

/** Everything that leads have, but for counters, and for the moment at which something is looked at. */
async function everything(...leads: LeadId[]): Promise<unknown> {
  const [row] = await test.database.$queryRaw<{ all: unknown }[]>(sql`
    WITH who AS (SELECT unnest(${leads}::uuid[]) AS id)
    SELECT jsonb_build_object(
      'leads', (SELECT jsonb_agg(to_jsonb(l) - '{turn, revision, seen_revision, revised_at}'::text[] ORDER BY id)
        FROM lead l WHERE id IN (SELECT id FROM who)),
      'aliases', (SELECT jsonb_agg(to_jsonb(a) ORDER BY address) FROM lead_alias a WHERE lead_id IN (SELECT id FROM who)),
      'slots', (SELECT jsonb_agg(to_jsonb(o) ORDER BY lead_id) FROM open_slot o WHERE lead_id IN (SELECT id FROM who)),
      'enrollments', (SELECT jsonb_agg(to_jsonb(e) - 'wake_at' ORDER BY id) FROM enrollment e
        WHERE lead_id IN (SELECT id FROM who)),
      'sends', (SELECT jsonb_agg(to_jsonb(s) ORDER BY id) FROM send s WHERE lead_id IN (SELECT id FROM who)),
      'events', (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM event e WHERE lead_id IN (SELECT id FROM who)),
      'scores', (SELECT jsonb_agg(to_jsonb(s) ORDER BY id) FROM score s WHERE lead_id IN (SELECT id FROM who)),
      'escalations', (SELECT jsonb_agg(to_jsonb(x) ORDER BY id) FROM escalation x WHERE lead_id IN (SELECT id FROM who)),
      'outcomes', (SELECT jsonb_agg(to_jsonb(o) ORDER BY id) FROM outcome o WHERE lead_id IN (SELECT id FROM who))
    ) AS all`);
  return row?.all;
}

const outcome = (of: LeadId, id: string) =>
  addressOf(of).then(to => ({
    source: 'crm',
    row: { address: to, kind: 'qualified' as const, at, reason: null, money: null, id },
  }));

describe('two leads who are one person', () => {
  it('are one: what the other had, and what comes for its address, is the survivor’s', async () => {
    const [survivor, other] = [await nurtured('a'), await nurtured('a', 'b')];
    const old = await addressOf(other);
    await does(survivor);
    await does(other, 'form');
    await storeOutcomes(test.database, [await outcome(other, newId())], at);
    const plan = await planMerge(test.database, { survivor, merged: other });
    const result = await merge(survivor, other);
    expect(result).toMatchObject(plan);
    // Content that both had is one mail of the ledger (P1).
    expect(result.moved).toMatchObject({ events: 1, sends: 1, enrollments: 1, outcomes: 1 });
    expect(await leadByAddress(test.database, old)).toBe(survivor);
    const send = await test.database.send.findFirstOrThrow({
      where: { leadId: other, contentKey: 'storm/a' },
    });
    // By its address, by its own id, and by a mail that stayed with it.
    await does(other, 'page', { leadId: null, address: old });
    await does(other, 'page', { leadId: other });
    await does(other, 'page', { leadId: null, sendId: send.id });
    await storeOutcomes(
      test.database,
      [
        {
          ...(await outcome(survivor, newId())),
          row: { ...(await outcome(survivor, newId())).row, address: old },
        },
      ],
      at,
    );
    const facts = await loadFacts(test.database, survivor, at);
    expect(facts?.events).toHaveLength(5);
    expect(facts?.sends.map(({ contentKey }) => contentKey).toSorted()).toEqual([
      'storm/a',
      'storm/b',
    ]);
    expect(await test.database.outcome.count({ where: { leadId: survivor } })).toBe(2);
    expect(await loadFacts(test.database, other, at)).toMatchObject({
      lead: { disqualified: 'merged', suppressed: true },
      events: [],
      enrollment: null,
    });
  });

  it('are never sent what either had (P1), and the other is never mailed again', async () => {
    const [survivor, other] = [await nurtured('a'), await nurtured('b')];
    const { enrollmentId } = (await slotOf(other)) ?? {};
    await merge(survivor, other);
    expect(await worker.deliver(survivor, 'b', nothing)).toBe(false);
    expect(await worker.deliver(survivor, 'a', nothing)).toBe(false);
    expect(await worker.deliver(survivor, 'c', nothing)).toBe(true);
    const dispatch = {
      enrollmentId: enrollmentId as EnrollmentId,
      stepKey: 'd',
      contentKey: 'storm/d',
      cap: { mails: 9, since: instant(0) },
      at,
    };
    expect(await claimSend(test.database, { ...dispatch, leadId: other })).toBeNull();
  });

  it('are never mailed once one of their addresses is suppressed, before or after (P2)', async () => {
    for (const when of ['before', 'after']) {
      const [survivor, other] = [await nurtured(), await nurtured()];
      const old = await addressOf(other);
      if (when === 'before') await optOut(test.database, [old], at);
      await merge(survivor, other);
      await worker.turn(survivor);
      const slot = await slotOf(survivor);
      if (when === 'after') {
        expect(slot).not.toBeNull();
        expect(await optOut(test.database, [old], at)).toEqual({
          suppressed: 1,
          toNudge: [survivor],
        });
        expect(await worker.deliver(survivor, 'x', nothing)).toBe(false);
      } else expect(slot).toBeNull();
      expect((await loadFacts(test.database, survivor, at))?.lead.suppressed).toBe(true);
      expect(await isSuppressed(test.database, await addressOf(survivor))).toBe(false);
    }
  });

  it('keep what the survivor says of itself, and fill its blanks', async () => {
    const survivor = await aPerson({ title: 'Head of Sales' });
    const other = await aPerson({ title: 'Manager', industry: 'steel', employees: 7 });
    expect(await merge(survivor, other)).toMatchObject({ fills: ['industry', 'employees'] });
    const row = await test.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    expect(row).toMatchObject({ title: 'Head of Sales', industry: 'steel', employees: 7 });
  });

  it('are told of by rows of both addresses, which do not overwrite each other', async () => {
    const [survivor, other] = [await aPerson({ title: 'Head of Sales' }), await aPerson()];
    const [own, old] = [await addressOf(survivor), await addressOf(other)];
    const { merge: id } = await merge(survivor, other);
    const source = await openSource(test.database, 'test', null, at);
    const rows = [
      aRow(own, { fields: { ...noFields, title: 'Head of Sales', region: 'Nord' } }),
      aRow(old, { fields: { ...noFields, title: 'Manager', industry: 'steel', region: 'Nord' } }),
    ];
    const effects = async () =>
      (await upsertLeads(test.database, rows, source, at)).map(lead => [lead.id, lead.effect]);
    expect(await effects()).toEqual([
      [survivor, 'updated'],
      [survivor, 'updated'],
    ]);
    for (let n = 0; n < 2; n++)
      expect(await effects()).toEqual([
        [survivor, 'unchanged'],
        [survivor, 'unchanged'],
      ]);
    const lead = await test.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    expect(lead).toMatchObject({ title: 'Head of Sales', industry: 'steel', region: 'Nord' });
    await undo(id);
    const both = await test.database.lead.findMany({
      where: { id: { in: [survivor, other] } },
      orderBy: { id: 'asc' },
    });
    expect(both).toMatchObject([
      { title: 'Head of Sales', industry: null, region: 'Nord' },
      { title: 'Manager', industry: 'steel', region: 'Nord' },
    ]);
  });

  it('are not merged when that means nothing', async () => {
    const [a, b, erased] = [await aPerson(), await aPerson(), await aPerson()];
    await test.database.lead.update({ where: { id: erased }, data: { address: null } });
    expect(await merging(a, a)).toEqual({ refused: 'same lead' });
    expect(await merging(a, newId())).toEqual({ refused: 'unknown' });
    expect(await merging(a, erased)).toEqual({ refused: 'erased' });
    expect(await merging(erased, a)).toEqual({ refused: 'erased' });
    await merge(a, b);
    expect(await merging(a, b)).toEqual({ refused: 'merged already' });
    expect(await merging(b, a)).toEqual({ refused: 'same lead' });
  });
});

describe('what they are in', () => {
  it('is one thing: the survivor’s own sequence, and the other ends', async () => {
    const [survivor, other] = [await nurtured(), await nurtured()];
    const ends = await slotOf(other);
    const result = await merge(survivor, other);
    expect(result).toMatchObject({ goesOn: null, ends: { enrollment: ends?.enrollmentId } });
    expect(await slotOf(other)).toBeNull();
    const row = await test.database.enrollment.findUniqueOrThrow({
      where: { id: ends?.enrollmentId ?? '' },
    });
    expect(row).toMatchObject({ leadId: survivor, endReason: 'merged', wakeAt: null });
    // Who was in the middle of a sequence has not had it.
    expect((await loadFacts(test.database, survivor, at))?.past).toEqual([]);
    expect((await undo(result.merge)).goesOn).toMatchObject([{ leadId: other }]);
  });

  it('is the escalation that only the other has, with the same rep', async () => {
    const [survivor, other] = [await nurtured('a'), await escalated()];
    const before = await everything(survivor, other);
    const escalation = (await slotOf(other))?.escalationId as EscalationId;
    const own = (await slotOf(survivor))?.enrollmentId;
    const result = await merge(survivor, other);
    expect(result).toMatchObject({ goesOn: escalation, ends: { enrollment: own } });
    expect(await slotOf(survivor)).toMatchObject({ escalationId: escalation, enrollmentId: null });
    // It was with sales already: only another crossing goes there again (P3).
    expect((await loadFacts(test.database, survivor, at))?.lead.armed).toBe(false);
    expect((await undo(result.merge)).goesOn).toMatchObject([
      { leadId: survivor, enrollmentId: own },
    ]);
    expect(await everything(survivor, other)).toEqual(before);
  });

  it('is the survivor’s escalation, where both have one', async () => {
    const [survivor, other] = [await escalated(), await escalated()];
    const before = await everything(survivor, other);
    const own = await slotOf(survivor);
    const result = await merge(survivor, other);
    expect(await slotOf(survivor)).toEqual(own);
    const [ended] = await test.database.escalation.findMany({
      where: { id: result.ends.escalation ?? '' },
    });
    expect(ended).toMatchObject({ leadId: survivor, state: 'merged' });
    await undo(result.merge);
    expect(await everything(survivor, other)).toEqual(before);
  });

  it('goes on as it was left, when the rep has answered meanwhile', async () => {
    const [survivor, other] = [await nurtured(), await escalated()];
    const escalationId = (await slotOf(other))?.escalationId as EscalationId;
    const own = (await slotOf(survivor))?.enrollmentId;
    const { merge: id } = await merge(survivor, other);
    const { ownerId } = await test.database.escalation.findUniqueOrThrow({
      where: { id: escalationId },
    });
    const said = { kind: 'rejected', reason: 'not now', note: null, way: 'page' } as const;
    await recordAnswer(test.database, { escalationId, personId: ownerId as PersonId, ...said }, at);
    await endEscalation(test.database, escalationId, null, at);
    const undone = await undo(id);
    expect(undone.goesOn).toMatchObject([{ leadId: survivor, enrollmentId: own }]);
    const row = await test.database.escalation.findUniqueOrThrow({ where: { id: escalationId } });
    expect(row).toMatchObject({ leadId: other, state: 'rejected' });
    expect(await slotOf(other)).toBeNull();
  });

  it('escalates again under a name of its own, before and after it is undone (P3)', async () => {
    const [survivor, other] = [await escalated(), await escalated()];
    const { merge: id } = await merge(survivor, other);
    for (const when of ['merged', 'undone']) {
      if (when === 'undone') await undo(id);
      const slot = await slotOf(survivor);
      await endEscalation(test.database, slot?.escalationId as EscalationId, null, at);
      await ingestEvents(test.database, [anArrival(survivor, { kind: 'reply', at })], soon);
      await worker.turn(survivor);
      expect((await slotOf(survivor))?.escalationId).not.toBe(slot?.escalationId);
    }
    const keys = await test.database.escalation.findMany({
      where: { leadId: survivor },
      orderBy: { id: 'asc' },
    });
    expect(keys.map(({ originKey }) => originKey)).toEqual([1, 2, 3].map(n => `${survivor}/${n}`));
  });
});

describe('a merge that is undone', () => {
  it('leaves everything as it was', async () => {
    const survivor = await nurtured('a', 'b');
    const other = await nurtured('b', 'c');
    await test.database.lead.update({
      where: { id: other },
      data: { title: 'Manager', consentBasis: 'fair', consentAt: new Date(at) },
    });
    await test.database.leadAlias.create({
      data: { address: `${newId()}@private.example`, leadId: other },
    });
    for (const lead of [survivor, other]) {
      await does(lead, 'form');
      await storeOutcomes(test.database, [await outcome(lead, newId())], at);
    }
    const before = await everything(survivor, other);
    const { merge: id } = await merge(survivor, other);
    expect(await planUndo(test.database, id)).toMatchObject({
      restored: other,
      moved: { events: 1, sends: 1, enrollments: 1, outcomes: 1, addresses: 2 },
    });
    await undo(id);
    expect(await everything(survivor, other)).toEqual(before);
    expect(await undoMerge(test.database, id, soon)).toEqual({ refused: 'undone already' });
    expect(await undoMerge(test.database, newId(), soon)).toEqual({ refused: 'unknown' });
  });

  it('gives each what came since by its own addresses', async () => {
    const [survivor, other] = [await nurtured('a'), await nurtured('b')];
    const [own, old] = [await addressOf(survivor), await addressOf(other)];
    const { merge: id } = await merge(survivor, other);
    const sends = await test.database.send.findMany({ where: { leadId: survivor } });
    const by = async (more: object) =>
      (await does(survivor, 'page', { leadId: null, ...more })).naturalHash;
    const mine = [
      await by({ address: own }),
      await by({ leadId: survivor }),
      await by({ leadId: survivor, address: own }),
      await by({ sendId: sends.find(({ contentKey }) => contentKey === 'storm/a')?.id }),
    ];
    const theirs = [
      await by({ address: old }),
      await by({ leadId: other }),
      await by({ leadId: survivor, address: old }),
      await by({ sendId: sends.find(({ contentKey }) => contentKey === 'storm/b')?.id }),
    ];
    expect(await test.database.event.count({ where: { leadId: survivor } })).toBe(8);
    expect(await mergeOfAddress(test.database, old)).toMatchObject({ merge: id, address: old });
    await undo(id);
    expect(await mergeOfAddress(test.database, old)).toBeNull();
    for (const [lead, keys] of [
      [survivor, mine],
      [other, theirs],
    ] as const) {
      const events = await test.database.event.findMany({ where: { leadId: lead } });
      expect(events.map(({ naturalHash }) => naturalHash.replaceAll('-', '')).toSorted()).toEqual(
        keys.map(key => key.replaceAll('-', '')).toSorted(),
      );
    }
  });

  it('gives back each lead of a chain, in any order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const [a, b, c] = [await nurtured('x', 'a'), await nurtured('b'), await nurtured('x', 'c')];
      await test.database.lead.update({ where: { id: a }, data: { title: 'Manager' } });
      for (const lead of [a, b, c]) await does(lead, 'form');
      const before = await everything(a, b, c);
      const ids = [(await merge(b, a)).merge, (await merge(c, b)).merge];
      // What is merged into a lead that was merged goes to its survivor.
      const late = await nurtured('late');
      expect(await merge(a, late)).toMatchObject({ survivor: c });
      expect(await test.database.event.count({ where: { leadId: c } })).toBe(3);
      expect(await test.database.lead.findUnique({ where: { id: c } })).toMatchObject({
        title: 'Manager',
      });
      const contents = await test.database.send.findMany({ where: { leadId: c } });
      expect(contents.map(({ contentKey }) => contentKey).toSorted()).toEqual([
        'storm/a',
        'storm/b',
        'storm/c',
        'storm/late',
        'storm/x',
      ]);
      await undo((await mergeOf(late)).merge);
      for (const n of order) await undo(ids[n] as MergeId);
      expect(await everything(a, b, c)).toEqual(before);
    }
  });
});

async function mergeOf(lead: LeadId): Promise<{ merge: MergeId }> {
  const row = await test.database.merge.findFirstOrThrow({
    where: { mergedId: lead, undoneAt: null },
  });
  return { merge: row.id as MergeId };
}

describe('a mail that is on its way', () => {
  it('is settled after the merge, as the survivor’s', async () => {
    const [survivor, other] = [await nurtured(), await nurtured()];
    const claim = await claimSend(test.database, {
      enrollmentId: (await slotOf(other))?.enrollmentId as EnrollmentId,
      leadId: other,
      stepKey: 'k',
      contentKey: 'storm/k',
      cap: { mails: 9, since: instant(0) },
      at,
    });
    await merge(survivor, other);
    if (claim === null) throw new Error('Nothing was claimed.');
    const settlement = {
      state: 'accepted',
      providerId: newId(),
      reason: null,
      cursor: 1,
      dueAt: at,
      wakeAt: at,
    } as const;
    expect(await settleSend(test.database, claim, settlement, at)).toBe(true);
    expect((await loadFacts(test.database, survivor, at))?.sends).toMatchObject([
      { contentKey: 'storm/k', state: 'accepted' },
    ]);
    expect(await worker.deliver(survivor, 'k', nothing)).toBe(false);
  });
});
