import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus, second } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { ingestEvents } from '../../store/event.ts';
import { recordAnswer } from '../../store/answer.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { get } from '../http/get.ts';
import {
  address,
  aLead,
  anArrival,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  read,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;
const pricing = { kind: 'page', subject: '/pricing' } as const;

const reject = (lead: LeadId, reason: string) => answer(app, lead, 'rejected', reason);

async function escalated(): Promise<LeadId> {
  // Each lead begins at the clock's time; a rep's last turn must lie before it.
  app.clock.at = plus(app.clock.at, minute);
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  // A form takes a moment on its way here, and so it gives a little less than its points.
  await does(app, lead, { ...demo, at: plus(app.clock.at, -10 * second) });
  return lead;
}

describe('an escalation', () => {
  it('goes to a rep of the territory, who is mailed why, with the lines that add up (P3, P4)', async () => {
    const lead = await escalated();
    const [escalation] = await escalationsOf(app, lead);
    const owner = await app.database.person.findUniqueOrThrow({
      where: { id: escalation?.ownerId ?? '' },
    });
    expect(['lena', 'emil']).toContain(owner.key);
    const mail = [...app.sandbox.outbox.all()].findLast(({ to }) => to === owner.address);
    const { text, subject } = read(app, mail);
    expect(subject).toBe('B lead: Ada Lovelace, Analytical Engines');
    expect(text).toContain('Asked for sales: B: fit 100 (band A), engagement 49');
    expect(text).toContain('B because of demo form just now (+49.9');
    // Every line of it is on the page that the mail leads to.
    const [page = ''] = /http\S+\/e\/e\.[\w.-]+/.exec(text ?? '') ?? [];
    const shown = (await get(page)).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(shown).toMatch(/demo form 50 when it happened, just now 49\.9/);
    expect(shown).toContain('engagement, in all 49');
    expect(
      await app.database.assignment.findFirst({ where: { escalationId: escalation?.id ?? '' } }),
    ).toMatchObject({ n: 1, notifiedAt: expect.any(Date) as Date });
  });

  it('alternates between reps, and goes to the catch-all owner when nobody is eligible, with the reason', async () => {
    const owners = [];
    for (let n = 0; n < 2; n++) {
      const [escalation] = await escalationsOf(app, await escalated());
      owners.push(escalation?.ownerId);
    }
    expect(new Set(owners).size).toBe(2);
    const lead = await aLead(app, { ...bestFit, country: 'JP' });
    await takeIn(app, lead);
    await does(app, lead, demo);
    const [escalation] = await escalationsOf(app, lead);
    const assignment = await app.database.assignment.findFirstOrThrow({
      where: { escalationId: escalation?.id ?? '' },
      include: { person: true },
    });
    expect(assignment.person.key).toBe('theo');
    expect(assignment.reason).toContain(
      'nobody eligible: 0 at capacity, 0 away, 4 of another territory',
    );
  });

  it('is made once for a crossing, and again for the next: up, down and up escalates twice', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, pricing, pricing, pricing);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    // More of the same while sales has it changes nothing.
    await does(app, lead, pricing);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    await reject(lead, 'not now');
    await does(app, lead, { kind: 'page', subject: '/pricing/again' });
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    // Down by decay alone, while it is in its track.
    await until(app, lead, later(app, 40 * day));
    expect((await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).grade).toBe('C');
    await does(app, lead, pricing, pricing, pricing);
    const both = await escalationsOf(app, lead);
    expect(both).toHaveLength(2);
    expect(new Set(both.map(({ originKey }) => originKey)).size).toBe(2);
  });

  it('comes from a demo form of a lead whose sequence had finished', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 60 * day));
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
    await does(app, lead, demo);
    expect(await escalationsOf(app, lead)).toMatchObject([
      { cause: 'hand raise', state: 'assigned' },
    ]);
  });

  it('comes from an event that is committed while the last turn is under way', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 27 * day));
    // Events pour in around the very moment of the last mail and of the end.
    for (let n = 0; n < 12 && (await enrollmentOf(app, lead)).endedAt === null; n++) {
      const open = await enrollmentOf(app, lead);
      const storm = Promise.all(
        Array.from({ length: 5 }, async (_, index) => {
          const arrival = anArrival(lead, {
            kind: 'page',
            subject: `/page/${n}/${index}`,
            at: app.clock.now(),
          });
          const { toNudge } = await ingestEvents(app.database, [arrival], app.clock.now());
          app.nudger.nudge(toNudge);
        }),
      );
      await until(app, lead, plus((open.wakeAt?.getTime() ?? app.clock.at) as never, 1));
      await storm;
    }
    await settled(app, lead);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect(row.seenRevision).toBe(row.revision);
  });

  it('is recycled to the reason’s track, and the lead keeps the history of both', async () => {
    const lead = await escalated();
    await reject(lead, 'no compelling need');
    const enrollment = await app.database.enrollment.findFirstOrThrow({
      where: { leadId: lead },
      orderBy: { id: 'desc' },
      include: { version: true },
    });
    expect(enrollment).toMatchObject({
      endedAt: null,
      version: { name: 'problem-education' },
      originKey: expect.stringContaining('recycle/') as string,
    });
    expect((await escalationsOf(app, lead))[0]).toMatchObject({
      state: 'rejected',
      endedAt: expect.any(Date) as Date,
    });
    await until(app, lead, later(app, 15 * day));
    expect((await mailsTo(app, lead)).map(({ customArgs }) => customArgs.step)).toEqual([
      '01-welcome',
      '01-is-it-worth-it',
    ]);
  });

  it('for bad data suppresses the address, and for a competitor never comes back', async () => {
    const bad = await escalated();
    await reject(bad, 'bad data');
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: bad } });
    expect(await isSuppressed(app.database, address(row.address ?? ''))).toBe(true);
    expect(await app.database.openSlot.findUnique({ where: { leadId: bad } })).toBeNull();

    const competitor = await escalated();
    await reject(competitor, 'competitor');
    await does(app, competitor, demo);
    expect(await escalationsOf(app, competitor)).toHaveLength(1);
    expect(await app.database.openSlot.findUnique({ where: { leadId: competitor } })).toBeNull();
  });

  it('is told again to nobody, and what the lead does while sales has it shows in the grade', async () => {
    const lead = await escalated();
    const before = app.sandbox.outbox.count;
    await does(app, lead, { kind: 'webinar', subject: 'A webinar' });
    expect(app.sandbox.outbox.count).toBe(before);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    expect([row.grade, row.seenRevision]).toEqual(['A', row.revision]);
  });

  it('is started again after a rejection when the lead raises a hand anew', async () => {
    const lead = await escalated();
    await reject(lead, 'unreachable');
    await until(app, lead, later(app, hour));
    await does(app, lead, demo);
    expect(await escalationsOf(app, lead)).toMatchObject([
      { state: 'rejected' },
      { state: 'assigned', cause: 'hand raise' },
    ]);
  });

  it('is not made again by small things after a hand raise was rejected', async () => {
    const lead = await escalated();
    await reject(lead, 'not now');
    await until(app, lead, later(app, hour));
    await does(app, lead, { kind: 'page', subject: '/' });
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('finds a first rep’s answer and refuses a second, different one', async () => {
    const lead = await escalated();
    const [escalation] = await escalationsOf(app, lead);
    const answer = {
      escalationId: escalation?.id as never,
      personId: escalation?.ownerId as never,
      note: null,
      way: 'page' as const,
    };
    const say = (kind: 'accepted' | 'rejected', reason: string | null) =>
      recordAnswer(app.database, { ...answer, kind, reason }, app.clock.now());
    const results = await Promise.all([
      say('rejected', 'not now'),
      say('rejected', 'not now'),
      say('accepted', null),
      say('rejected', 'unreachable'),
    ]);
    const dispositions = await app.database.disposition.findMany({
      where: { escalationId: escalation?.id ?? '' },
      orderBy: { seq: 'asc' },
    });
    expect(dispositions.map(({ seq }) => seq)).toEqual(dispositions.map((_, index) => index + 1));
    expect(dispositions.filter(({ kind }) => kind === 'rejected')).toHaveLength(1);
    expect(results.filter(result => 'recorded' in result && result.recorded)).toHaveLength(
      dispositions.length,
    );
    const foreign = await app.database.person.findFirstOrThrow({
      where: { id: { not: escalation?.ownerId ?? '' } },
    });
    expect(
      await recordAnswer(
        app.database,
        { ...answer, personId: foreign.id as never, kind: 'accepted', reason: null },
        app.clock.now(),
      ),
    ).toEqual({ refused: 'not the owner' });
    app.nudger.nudge([lead]);
    await settled(app, lead);
  });
});
