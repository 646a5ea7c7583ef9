import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../prisma/generated/client.ts';
import { newId, sql, sqlState } from '../../store/database.ts';
import { instant } from '../../domain/instant.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aLead } from '../program.ts';

let test: TestDatabase;
const clock = {
  now: () => instant(Date.parse('2026-03-02T08:00:00Z')),
  shift: () => 0,
};
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

const state = async (work: () => Promise<unknown>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    return sqlState(error);
  }
};
const unique = '23505';
const check = '23514';
const restrict = '23001';

describe('the database itself holds the promises', () => {
  it('as constraints and triggers, read back from its catalog', async () => {
    const { database } = test;
    const constraints = await database.$queryRaw<{ name: string }[]>(sql`
      SELECT conrelid::regclass || '.' || conname AS name FROM pg_constraint
      WHERE contype = 'c' AND connamespace = 'public'::regnamespace`);
    const triggers = await database.$queryRaw<{ name: string }[]>(sql`
      SELECT tgrelid::regclass || '.' || tgname AS name FROM pg_trigger WHERE NOT tgisinternal`);
    const indexes = await database.$queryRaw<{ name: string }[]>(sql`
      SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indisunique`);
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name);
    expect(names(constraints)).toEqual(
      expect.arrayContaining([
        'lead.lead_address_normalized',
        'lead.lead_seen',
        'agreement.agreement_one_active',
        'open_slot.open_slot_holds_one',
        'enrollment.enrollment_ended_whole',
        'enrollment.enrollment_paused_whole',
        'send.send_state',
        'suppression.suppression_hash',
        'event.event_kind',
        'person.person_one_catch_all',
        'escalation.escalation_ended_whole',
        'disposition.disposition_reason',
      ]),
    );
    expect(names(triggers).toSorted()).toEqual([
      'audit.audit_append_only',
      'disposition.disposition_append_only',
      'enrollment.enrollment_holds_slot',
      'escalation.escalation_holds_slot',
      'event.event_append_only',
      'score.score_lines_add_up',
      'sequence_version.sequence_version_immutable',
    ]);
    expect(names(indexes)).toEqual(
      expect.arrayContaining([
        'send_enrollment_id_step_key_key',
        'send_lead_id_content_key_key',
        'event_provider_key_key',
        'event_natural_hash_key',
        'agreement_active_slot_key',
        'open_slot_pkey',
        'escalation_origin_key_key',
        'enrollment_origin_key_key',
      ]),
    );
  });

  it('every table of the schema is there, column by column', async () => {
    const { database } = test;
    const models = Object.keys(Prisma.ModelName).map(
      name => `${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`,
    );
    expect(models.length).toBeGreaterThan(15);
    for (const name of models) {
      const model = Reflect.get(database, name) as { findFirst: () => Promise<unknown> };
      await model.findFirst();
    }
  });

  it('one lead for each address, in one form only', async () => {
    const { database } = test;
    const id = await aLead({ database, clock });
    const { address, sourceId } = await database.lead.findUniqueOrThrow({ where: { id } });
    const lead = (of: string) =>
      database.lead.create({
        data: { id: newId(), address: of, sourceId, revisedAt: new Date(), createdAt: new Date() },
      });
    expect(await state(() => lead(address ?? ''))).toBe(unique);
    expect(await state(() => lead('Upper@case.example'))).toBe(check);
    expect(await state(() => lead('with space@x.example'))).toBe(check);
    expect(await state(() => lead('with\nnewline@x.example'))).toBe(check);
  });

  it('one open enrollment or escalation for each lead, and the slot tells which', async () => {
    const { database } = test;
    const leadId = await aLead({ database, clock });
    const version = await database.sequenceVersion.findFirstOrThrow();
    const enrollment = () => ({
      id: newId(),
      leadId,
      versionId: version.id,
      originKey: newId(),
      dueAt: new Date(),
      createdAt: new Date(),
    });
    const open = async (data: ReturnType<typeof enrollment>) =>
      database.transaction(async session => {
        await session.enrollment.create({ data });
        await session.openSlot.create({ data: { leadId, enrollmentId: data.id } });
      });
    expect(await state(() => database.enrollment.create({ data: enrollment() }))).toBe(check);
    const first = enrollment();
    expect(await state(() => open(first))).toBeNull();
    expect(await state(() => open(enrollment()))).toBe(unique);
    expect(
      await state(() =>
        database.openSlot
          .delete({ where: { leadId } })
          .then(() =>
            database.enrollment.update({ where: { id: first.id }, data: { endedAt: null } }),
          ),
      ),
    ).toBe(check);
    expect(
      await state(() =>
        database.enrollment.update({ where: { id: first.id }, data: { endedAt: new Date() } }),
      ),
    ).toBe(check);
    expect(
      await state(() =>
        database.enrollment.update({
          where: { id: first.id },
          data: { endedAt: new Date(), endReason: 'finished' },
        }),
      ),
    ).toBeNull();
    expect(await state(() => open({ ...enrollment(), originKey: first.originKey }))).toBe(unique);
  });

  it('a score whose lines do not add up is refused when it is committed (P4)', async () => {
    const { database } = test;
    const leadId = await aLead({ database, clock });
    const { id: agreementId } = await database.agreement.findFirstOrThrow();
    const score = (points: number) =>
      database.score.create({
        data: {
          id: newId(),
          leadId,
          agreementId,
          at: new Date(),
          fit: 3500,
          engagement: 0,
          fitBand: 'C',
          engagementBand: 4,
          grade: 'D',
          handRaised: false,
          lines: [{ axis: 'fit', rule: 'title', points }],
        },
      });
    expect(await state(() => score(3499))).toBe(check);
    expect(await state(() => score(3500))).toBeNull();
  });

  it('what was published, what happened and what was said is never changed', async () => {
    const { database } = test;
    const leadId = await aLead({ database, clock });
    const event = await database.event.create({
      data: {
        id: newId(),
        providerKey: newId(),
        naturalHash: newId(),
        leadId,
        kind: 'page',
        at: new Date(),
        receivedAt: new Date(),
      },
    });
    expect(
      await state(() => database.event.update({ where: { id: event.id }, data: { kind: 'form' } })),
    ).toBe(restrict);
    expect(await state(() => database.event.delete({ where: { id: event.id } }))).toBe(restrict);
    expect(
      await state(() => database.sequenceVersion.updateMany({ data: { name: 'other' } })),
    ).toBe(restrict);
  });

  it('exactly one agreement is active, and at most one person takes what is left', async () => {
    const { database } = test;
    const agreement = (activeSlot: number | null, version: number) =>
      database.agreement.create({
        data: {
          id: newId(),
          version,
          contentHash: newId(),
          content: {},
          lookbackMs: 1,
          activeSlot,
          createdAt: new Date(),
          activatedAt: new Date(),
        },
      });
    expect(await state(() => agreement(1, 900))).toBe(unique);
    expect(await state(() => agreement(2, 901))).toBe(check);
    const person = (catchAllSlot: number) =>
      database.person.create({
        data: {
          id: newId(),
          key: newId(),
          name: 'X',
          address: `${newId()}@x.example`,
          team: 'sales',
          role: 'rep',
          catchAllSlot,
        },
      });
    expect(await state(() => person(1))).toBe(unique);
    expect(await state(() => person(2))).toBe(check);
  });
});
