import { randomUUID } from 'node:crypto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveTime } from '../../cli/ops-order.ts';
import type { OpsOutcome, OpsSaid } from '../../domain/escalation/by-ops.ts';
import type { EscalationId, LeadId, PersonId } from '../../domain/ids.ts';
import { day, hour, instant, minute, plus, second, type Instant } from '../../domain/instant.ts';
import { sayToEscalation } from '../../engine/by-ops.ts';
import { recordAnswer } from '../../store/answer.ts';
import { escalationState } from '../../store/escalation.ts';
import { leadStory } from '../../store/story.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import { currentRun, reset, resetPoints, terminate } from '../ops.ts';
import {
  aLead,
  answer,
  bestFit,
  does,
  escalationsOf,
  later,
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

async function escalated(): Promise<LeadId> {
  app.clock.at = plus(app.clock.at, minute);
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  const at = plus(app.clock.at, -10 * second);
  await does(app, lead, { kind: 'form', subject: 'Book a demo', at });
  return lead;
}

async function stateOf(lead: LeadId) {
  const row = (await escalationsOf(app, lead)).at(-1);
  return (await escalationState(app.database, row?.id as EscalationId)) ?? expect.fail();
}

const person = (key: string) => app.database.person.findUniqueOrThrow({ where: { key } });
const idOf = async (key: string) => (await person(key)).id as PersonId;

async function ask(lead: LeadId, said: OpsSaid): Promise<OpsOutcome | null> {
  const { id } = await stateOf(lead);
  const outcome = await sayToEscalation(app.client, id, said);
  await settled(app, lead);
  return outcome;
}
const give = async (lead: LeadId, key: string) =>
  ask(lead, { verb: 'reassign', to: await idOf(key) });
const giveUntil = (lead: LeadId, moment: Instant) => ask(lead, { verb: 'extend', until: moment });
const close = (lead: LeadId) => ask(lead, { verb: 'close' });

const isDone = { done: true, over: null };
const no = (why: string) => ({ done: false, why });

/** Subjects of the mails that a person got. */
async function mailsOf(key: string): Promise<string[]> {
  const { address } = await person(key);
  return [...app.sandbox.outbox.all()].filter(({ to }) => to === address).map(m => m.subject);
}

async function told(lead: LeadId): Promise<string[]> {
  // What was asked for took a moment, by the clock of the workflow.
  const story = (await leadStory(app.database, lead, later(app, minute))) ?? expect.fail();
  return story.timeline.map(({ what, detail }) => `${what}: ${detail ?? ''}`);
}

interface Metadata {
  currentDetails?: string;
  definition?: { updateDefinitions?: { name?: string }[] };
}
const metadata = async (lead: LeadId) =>
  app.client.workflow
    .getHandle(`escalation/${(await stateOf(lead)).id}`)
    .query<Metadata>('__temporal_workflow_metadata');

describe('a lead that ops give to somebody else', () => {
  it('is theirs at once, with all the time there is, and the one before is told so', async () => {
    const lead = await escalated();
    const before = await stateOf(lead);
    await answer(app, lead, 'contacted', null, { feedbackDueAt: later(app, 7 * day) });
    await until(app, lead, later(app, hour));
    const mails = (await mailsOf('theo')).length;
    expect(await give(lead, 'theo')).toEqual(isDone);
    const after = await stateOf(lead);
    expect(after).toMatchObject({
      ...{ state: 'assigned', feedbackDueAt: null, owner: { name: 'Theo Brandt' } },
      assignment: { n: 2, cause: 'ops', notifiedAt: expect.any(Number) as number },
    });
    expect(after.acceptDueAt).toBeGreaterThan(before.acceptDueAt);
    expect(await mailsOf('theo')).toHaveLength(mails + 1);
    const late = { escalationId: after.id, personId: before.owner.id, kind: 'qualified' } as const;
    expect(await recordAnswer(app.database, { ...late, way: 'page' }, app.clock.now())).toEqual({
      refused: 'not the owner',
    });
    expect(await told(lead)).toContain('reassigned: ops gave it to Theo Brandt');
    const { currentDetails, definition } = await metadata(lead);
    expect(currentDetails).toContain('asked as number 2: ops gave it to them');
    expect(definition?.updateDefinitions?.map(({ name }) => name).toSorted()).toEqual([
      ...['close', 'extend', 'reassign'],
    ]);
    // The clocks of whoever has it now run.
    await until(app, lead, after.acceptDueAt);
    expect((await stateOf(lead)).assignment.cause).toBe('overdue');
    const history = await app.client.workflow.getHandle(`escalation/${after.id}`).fetchHistory();
    expect(historyToJSON(history)).not.toMatch(/Theo|Lovelace|@company/);
    await close(lead);
  });

  it('is given also to who has no room, and the answer says so', async () => {
    const leads = [await escalated(), await escalated()] as const;
    expect(await give(leads[0], 'sophie')).toEqual(isDone);
    const person = { key: 'sophie' };
    const capacity = await app.database.assignment.count({ where: { person } });
    await app.database.person.update({ where: person, data: { capacity } });
    const over = { assigned: capacity + 1, capacity };
    expect(await give(leads[1], 'sophie')).toEqual({ done: true, over });
    await app.database.person.update({ where: person, data: { capacity: 10 } });
    for (const lead of leads) await close(lead);
  });

  it('stays where it is when that cannot be, with the reason', async () => {
    const lead = await escalated();
    const owner = (await stateOf(lead)).owner.id;
    await app.database.person.update({ where: { key: 'daan' }, data: { active: false } });
    const to = (id: string) => ask(lead, { verb: 'reassign', to: id as PersonId });
    expect(await to(randomUUID())).toEqual(no('there is no such person'));
    expect(await give(lead, 'daan')).toEqual(no('this person has left'));
    expect(await give(lead, 'nora')).toEqual(no('this person is not of sales'));
    expect(await to(owner)).toEqual(no('it is theirs already'));
    await expect(to('Theo')).rejects.toThrow('"to" is missing or no id of a person');
    await app.database.person.update({ where: { key: 'daan' }, data: { active: true } });
    expect(await stateOf(lead)).toMatchObject({ owner: { id: owner }, assignment: { n: 1 } });
    await close(lead);
  });

  it('while its owner answers: the first counts, and the other is told', async () => {
    for (let round = 0; round < 4; round++) {
      const lead = await escalated();
      const { id, owner } = await stateOf(lead);
      const rejection = { escalationId: id, personId: owner.id, kind: 'rejected' } as const;
      const [said, given] = await Promise.all([
        recordAnswer(
          app.database,
          { ...rejection, reason: 'bad data', way: 'page' },
          app.clock.now(),
        ),
        give(lead, 'sophie'),
      ]);
      app.nudger.nudge([lead]);
      await settled(app, lead);
      const after = await stateOf(lead);
      if ('recorded' in said) {
        expect(given).toEqual(no('it has ended already'));
        expect(after).toMatchObject({ state: 'rejected', owner: { id: owner.id } });
      } else {
        expect([said, given]).toEqual([{ refused: 'not the owner' }, isDone]);
        expect(after).toMatchObject({ state: 'assigned', owner: { name: 'Sophie Gruber' } });
        await close(lead);
      }
    }
  });
});

describe('a lead for which ops give more time', () => {
  it('is due then: its owner is warned and the manager told anew, by the new moment', async () => {
    app.clock.at = instant(Date.parse('2026-04-13T08:00:00Z'));
    const lead = await escalated();
    const due = (await stateOf(lead)).acceptDueAt;
    await until(app, lead, plus(due, -minute));
    expect((await stateOf(lead)).told.size).toBe(1);
    const later2 = plus(due, 2 * day);
    expect(await giveUntil(lead, later2)).toEqual(isDone);
    expect(await stateOf(lead)).toMatchObject({ acceptDueAt: later2, told: { size: 1 } });
    expect((await metadata(lead)).currentDetails).toContain('Ops gave more time once.');
    expect((await told(lead))[0]).toBe('extended: ops gave more time, until 16 Apr, 10:01');
    await until(app, lead, plus(later2, -minute));
    expect((await stateOf(lead)).told.size).toBe(2);
    expect((await stateOf(lead)).assignment.n).toBe(1);
    await until(app, lead, later2);
    expect(await stateOf(lead)).toMatchObject({ assignment: { n: 2, cause: 'overdue' } });
    expect(
      await app.database.extension.findMany({ where: { escalation: { leadId: lead } } }),
    ).toMatchObject([
      { clock: 'answer', dueFrom: new Date(due), dueTo: new Date(later2), way: 'ops' },
    ]);
    await close(lead);
  });

  it('has it for whichever clock runs, and none where none does', async () => {
    const lead = await escalated();
    const by = async (text: string) => {
      const order = await giveTime(app.database, { by: text }, app.clock.now());
      return ask(lead, await order.said((await stateOf(lead)).id));
    };
    await answer(app, lead, 'accepted');
    const contact = (await stateOf(lead)).contactDueAt;
    expect(await by('2 days')).toEqual(isDone);
    expect((await stateOf(lead)).contactDueAt).toBe(plus(contact, 2 * day));
    await answer(app, lead, 'contacted', null, { feedbackDueAt: later(app, 7 * day) });
    const feedback = (await stateOf(lead)).feedbackDueAt ?? expect.fail();
    expect(await by('1 working day')).toEqual(isDone);
    expect((await stateOf(lead)).feedbackDueAt).toBe(plus(feedback, day));
    await answer(app, lead, 'qualified');
    expect(await by('1 day')).toEqual(no('no clock runs that could be extended'));
    const extensions = await app.database.extension.findMany({
      where: { escalation: { leadId: lead } },
      orderBy: { id: 'asc' },
    });
    expect(extensions.map(({ clock }) => clock)).toEqual(['contact', 'feedback']);
    await close(lead);
  });

  it('has no more where that cannot be, with the reason', async () => {
    const lead = await escalated();
    const due = (await stateOf(lead)).acceptDueAt;
    expect(await giveUntil(lead, later(app, -1))).toEqual(no('the moment is past'));
    expect(await giveUntil(lead, due)).toEqual(no('it is not due before then'));
    const far = no('the moment is more than a year away');
    expect(await giveUntil(lead, later(app, 400 * day))).toEqual(far);
    await expect(giveUntil(lead, instant(0.5))).rejects.toThrow('"until" is missing or no moment');
    const order = (given: { until?: string; by?: string }) =>
      giveTime(app.database, given, app.clock.now());
    await expect(order({ until: 'tomorrow' })).rejects.toThrow('"tomorrow" is no moment; write');
    await expect(order({ until: '2026-03-01 12:00' })).rejects.toThrow('12:00 is past; it is ');
    await expect(order({ by: 'a bit' })).rejects.toThrow('"a bit" is no amount of time; write');
    await expect(order({})).rejects.toThrow('Say how much time: --until or --by.');
    expect((await stateOf(lead)).acceptDueAt).toBe(due);
    await close(lead);
  });
});

describe('a lead that ops close', () => {
  it('rests, in the name of the manager of sales; what is said after it is told that it has ended', async () => {
    const lead = await escalated();
    const { id, owner } = await stateOf(lead);
    expect(await close(lead)).toEqual(isDone);
    expect(await stateOf(lead)).toMatchObject({
      ...{ state: 'closed', owner: { id: owner.id } },
      dispositions: [{ kind: 'closed', person: 'Theo Brandt' }],
    });
    const said = await app.database.disposition.findFirstOrThrow({ where: { escalationId: id } });
    expect(said.way).toBe('ops');
    expect(await told(lead)).toContain('closed: ops, for Theo Brandt');
    expect(await app.database.openSlot.findUnique({ where: { leadId: lead } })).toBeNull();
    expect(await close(lead)).toBeNull();
  });

  it('is closed once, also when its workflow is reset to before it was heard', async () => {
    const lead = await escalated();
    await give(lead, 'sophie');
    await give(lead, 'theo');
    const run = await currentRun(app, `escalation/${(await stateOf(lead)).id}`);
    await answer(app, lead, 'accepted');
    const before = await stateOf(lead);
    await reset(app, run, (await resetPoints(app, run))[1] ?? 0);
    await settled(app, lead);
    const { events } = await app.client.workflow.getHandle(run.workflowId).fetchHistory();
    const again = events?.filter(event => event.workflowExecutionUpdateCompletedEventAttributes);
    expect(again).toHaveLength(2);
    expect(await stateOf(lead)).toMatchObject({ state: 'accepted', assignment: before.assignment });
    await close(lead);
    const updates = await app.database.opsUpdate.findMany({ where: { escalationId: before.id } });
    expect(updates.map(({ verb }) => verb).toSorted()).toEqual(['close', 'reassign', 'reassign']);
  });
});

describe('lockstep ops', () => {
  it('gives an owner’s leads away, also those whose workflow was terminated, and closes one', async () => {
    const leads = [await escalated(), await escalated()];
    for (const lead of leads) await give(lead, 'lena');
    const [first = expect.fail()] = leads;
    await terminate(app, `escalation/${(await stateOf(first)).id}`);
    const command = ['ops', 'reassign', '--owner', 'vogt', '--to', 'emil', '--json'];
    const { out } = await runIn(app, ...command);
    expect(JSON.parse(out)).toMatchObject({ verb: 'reassign', matched: 2, done: 2, refused: [] });
    for (const lead of leads) {
      await settled(app, lead);
      expect((await stateOf(lead)).owner.name).toBe('Emil Sattler');
    }
    const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: first } });
    const closed = await runIn(app, 'ops', 'close', '--lead', address ?? '');
    expect([closed.error, closed.out]).toEqual(['', '1 lead with sales was closed.\n']);
    const nobody = await runIn(app, 'ops', 'reassign', '--all', '--to', 'tehо');
    expect([nobody.code, nobody.error]).toEqual([1, expect.stringContaining('nobody called')]);
  });
});
