import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscalationId, LeadId } from '../../domain/ids.ts';
import { day, hour, instant, minute, plus, second } from '../../domain/instant.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { escalationState } from '../../store/escalation.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  // A Monday morning; reps work from 9:00 to 17:30 in Berlin.
  app = await startApp('2026-03-02T08:30:00Z');
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;
const pricing = (n: number) => ({ kind: 'page', subject: `/pricing/${n}` }) as const;

async function escalated(): Promise<LeadId> {
  app.clock.at = plus(app.clock.at, minute);
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, { ...demo, at: plus(app.clock.at, -10 * second) });
  return lead;
}

async function stateOf(lead: LeadId) {
  const row = (await escalationsOf(app, lead)).at(-1);
  return (await escalationState(app.database, row?.id as EscalationId)) ?? expect.fail();
}

/** Subjects of the mails that a person got. */
async function mailsOf(key: string): Promise<string[]> {
  const { address } = await app.database.person.findUniqueOrThrow({ where: { key } });
  return [...app.sandbox.outbox.all()].filter(({ to }) => to === address).map(m => m.subject);
}

const momentOf = (date: Date | null) => instant(date?.getTime() ?? 0);

describe('an escalation that nobody answers', () => {
  it('is warned of, goes from rep to rep, and is the manager’s in the end, who is told (P3)', async () => {
    const lead = await escalated();
    const asked: string[] = [];
    for (let n = 0; n < 6; n++) {
      const state = await stateOf(lead);
      asked.push(`${state.owner.name}: ${state.assignment.cause}`);
      if (state.assignment.cause === 'manager') break;
      const due = state.acceptDueAt;
      await until(app, lead, plus(due, -minute));
      expect((await stateOf(lead)).told.size).toBeGreaterThan(0);
      await until(app, lead, due);
    }
    // Lena and Emil are all of the territory; then nobody else is left to ask.
    expect(asked.map(line => line.split(': ')[1])).toEqual(['routed', 'overdue', 'manager']);
    expect(asked.at(-1)).toBe('Theo Brandt: manager');
    expect(new Set(asked.slice(0, 2).map(line => line.split(':')[0]))).toEqual(
      new Set(['Lena Vogt', 'Emil Sattler']),
    );
    expect(
      (await mailsOf('theo')).filter(s => s.startsWith('Agreed time has passed')),
    ).toHaveLength(2);
    expect((await mailsOf('lena')).filter(s => s.startsWith('Still to do'))).toHaveLength(1);
    // What is the manager's has no clock.
    const before = app.sandbox.outbox.count;
    await until(app, lead, later(app, 20 * day));
    expect(app.sandbox.outbox.count).toBe(before);
    await answer(app, lead, 'closed');
    expect(await stateOf(lead)).toMatchObject({ state: 'closed' });
  });

  it('starts no clock of the next before sales opens again: over a weekend', async () => {
    app.clock.at = instant(Date.parse('2026-03-27T15:00:00Z'));
    const lead = await escalated();
    const { acceptDueAt } = await stateOf(lead);
    expect(new Date(acceptDueAt).toISOString().slice(0, 10)).toBe('2026-03-30');
    await until(app, lead, instant(Date.parse('2026-03-29T20:00:00Z')));
    expect((await stateOf(lead)).told.size).toBe(0);
    await answer(app, lead, 'rejected', 'bad data');
  });
});

describe('an escalation that is worked', () => {
  it('goes from accepted over contacted and qualified to won, and the company is a customer', async () => {
    const lead = await escalated();
    for (const kind of ['accepted', 'contacted', 'qualified'] as const) {
      await answer(app, lead, kind);
      expect(await stateOf(lead)).toMatchObject({ state: kind, endedAt: null });
      await until(app, lead, later(app, hour));
    }
    await answer(app, lead, 'won', null, { money: { minor: 1_250_000, currency: 'EUR' } });
    expect(await stateOf(lead)).toMatchObject({ state: 'won' });
    const { account } = await app.database.lead.findUniqueOrThrow({
      where: { id: lead },
      include: { account: true },
    });
    expect(account?.status).toBe('customer');
    // Pages that a customer reads are no crossing any more.
    await does(app, lead, ...[1, 2, 3].map(pricing));
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    expect(await app.database.enrollment.count({ where: { leadId: lead, endedAt: null } })).toBe(0);
    const said = await app.database.disposition.findMany({
      where: { escalation: { leadId: lead } },
      orderBy: { seq: 'asc' },
    });
    expect(said.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
      '1 accepted',
      '2 contacted',
      '3 qualified',
      '4 won',
    ]);
    expect(said.at(-1)).toMatchObject({ amountMinor: 1_250_000n, currency: 'EUR' });
  });

  it('puts a customer on the track that the agreement names, and what it asks for goes to its owner', async () => {
    const { agreement } = (await activeAgreement(app.database)) ?? expect.fail();
    await agreeOn(
      app.database,
      { ...agreement, customers: { track: 'stay-in-touch' } },
      app.clock.now(),
    );
    const lead = await escalated();
    const { owner } = await stateOf(lead);
    for (const kind of ['accepted', 'contacted', 'won'] as const) await answer(app, lead, kind);
    const track = await enrollmentOf(app, lead);
    expect(track).toMatchObject({ endedAt: null });
    const mailed = (await mailsTo(app, lead)).length;
    await until(app, lead, later(app, 60 * day));
    expect((await mailsTo(app, lead)).length).toBeGreaterThan(mailed);
    expect((await enrollmentOf(app, lead)).id).toBe(track.id);
    // Somebody else of the territory has waited longer, and is not asked.
    await does(app, lead, { ...demo, at: app.clock.now() });
    const state = await stateOf(lead);
    expect(state).toMatchObject({ state: 'assigned', owner: { id: owner.id } });
    expect(state.assignment.reason).toBe('owns the account');
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'escalated' });
    await answer(app, lead, 'rejected', 'bad data');
    await agreeOn(app.database, agreement, app.clock.now());
  });

  it('reminds of feedback after seven days, and tells the manager a working day later', async () => {
    const lead = await escalated();
    await answer(app, lead, 'contacted', null, { feedbackDueAt: later(app, 7 * day) });
    const due = (await stateOf(lead)).feedbackDueAt ?? expect.fail();
    const owner = (await stateOf(lead)).owner.name;
    const before = (await mailsOf('theo')).length;
    await until(app, lead, plus(due, minute));
    expect([...(await stateOf(lead)).told].map(key => key.split('/', 2).join(' '))).toEqual([
      'feedback owner',
    ]);
    await until(app, lead, plus(due, 4 * day));
    expect((await mailsOf('theo')).length).toBe(before + 1);
    expect((await stateOf(lead)).owner.name).toBe(owner);
    await answer(app, lead, 'lost', 'chose another');
    expect(await stateOf(lead)).toMatchObject({ state: 'lost' });
  });

  it('is somebody else’s at once when its owner does not take leads any more', async () => {
    const lead = await escalated();
    await answer(app, lead, 'accepted');
    const { owner } = await stateOf(lead);
    await app.database.person.update({ where: { id: owner.id }, data: { active: false } });
    await does(app, lead, { kind: 'page', subject: '/' });
    const after = await stateOf(lead);
    expect(after.owner.id).not.toBe(owner.id);
    expect(after).toMatchObject({ state: 'assigned', assignment: { n: 2, cause: 'left' } });
    // Whoever has it now says for themselves what the one before had said.
    await answer(app, lead, 'accepted');
    expect(await stateOf(lead)).toMatchObject({ state: 'accepted' });
    await app.database.person.update({ where: { id: owner.id }, data: { active: true } });
    await answer(app, lead, 'rejected', 'bad data');
  });
});

describe('leads that nobody has room for', () => {
  const room = (leads: number) =>
    app.database.person.updateMany({
      where: { key: { in: ['lena', 'emil'] } },
      data: { capacity: leads },
    });

  it('wait with the manager, who is told once a day, and go to reps in the order of grade and age (P3)', async () => {
    // A Monday on which nobody was given a lead for a week.
    app.clock.at = instant(Date.parse('2026-09-07T08:00:00Z'));
    await room(1);
    const leads = [];
    for (let n = 0; n < 5; n++) leads.push(await escalated());
    const states = await Promise.all(leads.map(stateOf));
    expect(states.map(({ state }) => state)).toEqual([
      ...['assigned', 'assigned', 'queued', 'queued', 'queued'],
    ]);
    const waiting = async () => (await mailsOf('theo')).filter(s => s.startsWith('Leads wait'));
    expect(await waiting()).toHaveLength(1);
    expect(states.slice(2).every(({ owner }) => owner.name === 'Theo Brandt')).toBe(true);

    // There is room for two more: the oldest are first, whichever of their workflows looks first.
    await room(2);
    const [, , third = expect.fail(), fourth = expect.fail(), fifth = expect.fail()] = leads;
    const opens = instant(Date.parse('2026-09-08T07:00:00Z'));
    await until(app, fifth, opens);
    for (const lead of [third, fourth]) await until(app, lead, opens);
    const after = await Promise.all([third, fourth, fifth].map(stateOf));
    expect(after.map(({ state }) => state)).toEqual(['assigned', 'assigned', 'queued']);
    expect(new Set(after.slice(0, 2).map(({ owner }) => owner.name))).toEqual(
      new Set(['Lena Vogt', 'Emil Sattler']),
    );
    expect(after.slice(0, 2).every(({ assignment }) => assignment.notifiedAt !== null)).toBe(true);
    // Told again on the next day, because one still waits.
    expect(await waiting()).toHaveLength(2);
    await room(12);
  });
});

describe('a rejection', () => {
  const held = async (lead: LeadId) => {
    await until(app, lead, later(app, hour));
    await does(app, lead, ...[1, 2, 3].map(pricing));
    return (await escalationsOf(app, lead)).length;
  };

  it('for no compelling need restarts engagement, and holds for sixty days but not against a raised hand', async () => {
    const lead = await escalated();
    await answer(app, lead, 'rejected', 'no compelling need');
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect(momentOf(row.holdUntil)).toBe(plus(momentOf(row.engagementFrom), 60 * day));
    expect((await enrollmentOf(app, lead)).endedAt).toBeNull();
    await until(app, lead, later(app, minute));
    await does(app, lead, { kind: 'page', subject: '/' });
    const [score] = await app.database.score.findMany({
      where: { leadId: lead },
      orderBy: { id: 'desc' },
      take: 1,
    });
    expect(score?.engagement).toBe(100);
    expect(await held(lead)).toBe(1);
    await does(app, lead, demo);
    expect(await escalationsOf(app, lead)).toHaveLength(2);
    await answer(app, lead, 'rejected', 'bad data');
  });

  it('for a wrong target holds until the fit is another, and the colleague becomes a lead', async () => {
    const lead = await escalated();
    await answer(app, lead, 'rejected', 'wrong target', { about: 'the.right@person.example' });
    const colleague = await app.database.lead.findUniqueOrThrow({
      where: { address: 'the.right@person.example' },
      include: { source: true },
    });
    expect(colleague.source.key).toBe('referral');
    expect(await held(lead)).toBe(1);
    await app.database.lead.update({
      where: { id: lead },
      data: {
        title: 'Director of Plants',
        revision: { increment: 1 },
        revisedAt: new Date(app.clock.now()),
      },
    });
    app.nudger.nudge([lead]);
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toHaveLength(2);
    await answer(app, lead, 'rejected', 'bad data');
  });

  it('for a duplicate makes the lead one with the other', async () => {
    const lead = await escalated();
    const other = await aLead(app, bestFit);
    await takeIn(app, other);
    const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: other } });
    await answer(app, lead, 'rejected', 'duplicate', { about: address });
    const merge = await app.database.merge.findFirstOrThrow({ where: { mergedId: lead } });
    expect(merge).toMatchObject({ survivorId: other, undoneAt: null });
    expect(await escalationsOf(app, other)).toMatchObject([{ state: 'rejected' }]);
  });

  it('for not now lets the track begin shortly before the day that the lead named', async () => {
    const lead = await escalated();
    const wakeAt = later(app, 90 * day);
    await answer(app, lead, 'rejected', 'not now', { wakeAt });
    const { dueAt } = await enrollmentOf(app, lead);
    expect(momentOf(dueAt)).toBeGreaterThan(plus(wakeAt, -15 * day));
    const before = (await mailsTo(app, lead)).length;
    await until(app, lead, plus(wakeAt, -15 * day));
    expect(await mailsTo(app, lead)).toHaveLength(before);
    await until(app, lead, plus(wakeAt, 10 * day));
    expect((await mailsTo(app, lead)).length).toBeGreaterThan(before);
  });
});
