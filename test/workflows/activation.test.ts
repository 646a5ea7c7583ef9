import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { ActivationId, LeadId } from '../../domain/ids.ts';
import { day, hour, type Instant } from '../../domain/instant.ts';
import { forward, idle } from '../../engine/virtual-time.ts';
import { activationState, type ActivationState } from '../../store/activation.ts';
import { agreeOn } from '../agreed.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { aNurturedLead, nurtureOf, stepsOf } from '../nurtured.ts';
import { terminate, sweepUntil } from '../ops.ts';
import { does, escalationsOf, later, settled, until } from '../program.ts';

let app: App;
beforeAll(async () => {
  // A Monday morning; reps work from 9:00, which it is in Berlin.
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());
/** Each test begins under an agreement of which hardly a lead is sales' to work. */
beforeEach(async () => {
  begun += 1;
  await rested(await putIntoForce(withCut(50, `strict ${begun}`)));
});
let begun = 0;

/** Two looks at the prices make 20 points of engagement: C where 50 are needed for more, B where 15 are enough. */
async function anInterestedLead(): Promise<LeadId> {
  const lead = await aNurturedLead(app);
  await does(
    app,
    lead,
    { kind: 'page', subject: '/pricing' },
    { kind: 'page', subject: '/pricing/teams' },
  );
  return lead;
}

const withCut = (low: number, name: string): Agreement => {
  const agreement = theAgreement();
  return {
    ...agreement,
    name,
    grade: { ...agreement.grade, cuts: { ...agreement.grade.cuts, low } },
  };
};

async function putIntoForce(agreement: Agreement): Promise<ActivationId> {
  const { activation } = await agreeOn(app.database, agreement, app.clock.now());
  if (activation === null) throw new Error('It was in force already.');
  await app.engine.activation(activation, { shift: app.clock.shift() });
  return activation;
}

/** Waits until it has done what it can at this moment, and says how far it has come. */
async function rested(id: ActivationId): Promise<ActivationState> {
  await idle(app.client, `activation/${id}`);
  return (await activationState(app.database, id)) ?? expect.fail();
}

/** Lets time pass up to a moment for an activation. */
async function goOn(id: ActivationId, moment: Instant): Promise<ActivationState> {
  app.clock.at = moment;
  await forward(app.client, `activation/${id}`, moment);
  return rested(id);
}

const escalated = async (leads: readonly LeadId[]) => {
  for (const lead of leads) await settled(app, lead);
  const rows = await app.database.escalation.findMany({ where: { leadId: { in: [...leads] } } });
  return rows.map(({ cause, leadId }) => ({ cause, leadId }));
};

describe('an agreement that is put into force', () => {
  it('grades every lead anew, and lets those that cross by it alone through as reps have room (P3)', async () => {
    const leads: LeadId[] = [];
    for (let n = 0; n < 8; n++) leads.push(await anInterestedLead());
    const calm = await aNurturedLead(app);
    const id = await putIntoForce(withCut(15, 'a lower cut'));
    const first = await rested(id);
    expect(first).toMatchObject({ total: 9, looked: 9, changed: 8, crossed: 8, endedAt: null });
    expect(first.gradedAt).not.toBeNull();
    // Two reps take leads of Germany, 12 a week each: 3 on each of five working days.
    expect(first.released).toBe(6);
    const today = await escalated(leads);
    expect(today).toHaveLength(6);
    expect(new Set(today.map(({ cause }) => cause))).toEqual(new Set(['new agreement']));
    // The oldest first.
    expect(new Set(today.map(({ leadId }) => leadId))).toEqual(new Set(leads.slice(0, 6)));

    const { grade, fitBand, crossing } = await app.database.lead.findUniqueOrThrow({
      where: { id: leads[7] ?? '' },
    });
    expect({ grade, fitBand, crossing }).toEqual({ grade: 'B', fitBand: 'A', crossing: 'waiting' });
    expect(await escalationsOf(app, calm)).toEqual([]);

    const second = await goOn(id, later(app, day + hour));
    expect(second.released).toBe(8);
    expect(await escalated(leads)).toHaveLength(8);
    const last = await goOn(id, later(app, hour));
    expect(last.endedAt).not.toBeNull();
    expect((await app.client.workflow.getHandle(`activation/${id}`).describe()).status.name).toBe(
      'COMPLETED',
    );
  });

  it('says why each lead whose grade changed has the one it has, under the new version', async () => {
    const lead = await anInterestedLead();
    const before = await app.database.score.findFirstOrThrow({
      where: { leadId: lead },
      orderBy: { id: 'desc' },
    });
    const id = await putIntoForce(withCut(12, 'a still lower cut'));
    const { agreementId } = await rested(id);
    const after = await app.database.score.findFirstOrThrow({
      where: { leadId: lead },
      orderBy: { id: 'desc' },
    });
    expect(after).toMatchObject({ agreementId, fit: before.fit });
    expect(after.lines).toHaveLength((before.lines as unknown[]).length);
  });

  it('lets a lead that does something cross at once, as ever, also one that waits', async () => {
    const leads: LeadId[] = [];
    for (let n = 0; n < 8; n++) leads.push(await anInterestedLead());
    const id = await putIntoForce(withCut(14, 'low again'));
    await rested(id);
    const waiting = await app.database.lead.findFirstOrThrow({ where: { crossing: 'waiting' } });
    const lead = waiting.id as LeadId;
    await does(app, lead, { kind: 'page', subject: '/' });
    expect((await escalationsOf(app, lead)).map(({ cause }) => cause)).toEqual(['crossing']);
    expect(
      (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).crossing,
    ).toBeNull();
  });

  it('has its leads look as soon as the new agreement makes them, and mail when it lets them', async () => {
    const lead = await anInterestedLead();
    const workflow = await nurtureOf(app, lead);
    const row = () =>
      app.database.enrollment.findUniqueOrThrow({ where: { id: workflow.split('/')[1] ?? '' } });
    const before = (await row()).wakeAt?.getTime() ?? 0;
    const mails = (await stepsOf(app, lead)).length;
    const { nurture } = theAgreement();
    // On Fridays alone, which is later than the Tuesday that it waits for.
    const fridays = {
      days: [5],
      from: 600,
      to: 660,
      zone: 'Europe/Berlin',
      holidays: 'send',
    } as const;
    const late = {
      ...withCut(50, 'fridays'),
      nurture: { ...nurture, window: { ...fridays, days: [5] } },
    };
    await rested(await putIntoForce(late));
    await until(app, lead, later(app, before - app.clock.at));
    const friday = (await row()).wakeAt;
    expect(friday?.getUTCDay()).toBe(5);
    expect(await stepsOf(app, lead)).toHaveLength(mails);
    // With any hour of any day allowed, the mail is late, and goes out before long.
    const always = {
      days: [1, 2, 3, 4, 5, 6, 7],
      from: 0,
      to: 1440,
      zone: 'Europe/Berlin',
      holidays: 'send',
    } as const;
    const soon = {
      ...withCut(50, 'any time'),
      nurture: { ...nurture, window: { ...always, days: [...always.days] } },
    };
    await rested(await putIntoForce(soon));
    await settled(app, lead);
    expect((await row()).wakeAt?.getTime()).toBeLessThan((friday?.getTime() ?? 0) - day);
  });

  it('is carried on after its workflow was terminated, and counts no lead twice', async () => {
    await anInterestedLead();
    const id = await putIntoForce(withCut(11, 'cut off'));
    await terminate(app, `activation/${id}`);
    await sweepUntil(app, async () => (await activationState(app.database, id))?.gradedAt !== null);
    const { looked, total } = await rested(id);
    expect(looked).toBe(total);
  });

  it('ends what the one before it had still to do', async () => {
    const leads: LeadId[] = [];
    for (let n = 0; n < 10; n++) leads.push(await anInterestedLead());
    const first = await putIntoForce(withCut(13, 'first'));
    await rested(first);
    const second = await putIntoForce(withCut(55, 'second'));
    const { crossed, gradedAt } = await rested(second);
    expect({ crossed, isGraded: gradedAt !== null }).toEqual({ crossed: 0, isGraded: true });
    expect((await activationState(app.database, first))?.endedAt).not.toBeNull();
    await goOn(first, later(app, 3 * day));
    expect(await app.database.lead.count({ where: { crossing: 'waiting' } })).toBe(0);
  });
});
