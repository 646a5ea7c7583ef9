import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId, PersonId, TaskId } from '../../domain/ids.ts';
import { day, hour, instant, minute, plus } from '../../domain/instant.ts';
import { RepPerson } from '../../sandbox/people/rep-person.ts';
import { readPersonas } from '../../sandbox/people/schema.ts';
import { worldOf } from '../../sandbox/people/world.ts';
import { endTask } from '../../store/task.ts';
import { setAway, endAway } from '../../store/time-off.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, nurtureOf, stepsOf } from '../nurtured.ts';
import { aSequence, bestFit, does, enrollmentOf, later, read, settled, until } from '../program.ts';

const yaml = `goal: t
owner: nora
window: always
steps:
  - { mail: before, subject: s, preheader: p }
  - wait: 1 day
  - task: call-about-the-line
    do: call
    for: owner
    due_within: 2 working days
    note: Ask which line stops most often
  - { mail: after, subject: s, preheader: p }
`;

let app: App;
beforeAll(async () => {
  // A Monday, nine o'clock in Berlin.
  app = await startApp('2026-03-02T08:00:00Z');
  await aSequence(app, 'c-nurture', yaml);
});
afterAll(() => app.stop());

const tasksOf = (lead: LeadId) =>
  app.database.task.findMany({
    where: { enrollment: { leadId: lead } },
    include: { person: true },
    orderBy: { id: 'asc' },
  });
async function taskOf(lead: LeadId) {
  const [task] = await tasksOf(lead);
  if (task === undefined) throw new Error('There is no task.');
  return task;
}
const mailsOfTasks = () =>
  [...app.sandbox.outbox.all()].filter(({ customArgs }) => customArgs.task_id !== undefined);

/** Somebody says what became of the task of a lead. */
async function says(lead: LeadId, state: 'done' | 'skipped', remark: string | null = null) {
  const task = await taskOf(lead);
  const heard = await endTask(
    app.database,
    {
      ...{ id: task.id as TaskId, state, remark, way: 'page' },
      ...{ person: task.personId as PersonId, leadsSales: false },
    },
    app.clock.now(),
  );
  app.nudger.nudge([lead]);
  await settled(app, lead);
  return heard;
}

describe('a task', () => {
  it('is given at its time to somebody of the territory, who is told once, and the next mail waits for it (P8)', async () => {
    const lead = await aNurturedLead(app, { ...bestFit, country: 'AT' });
    await until(app, lead, later(app, day - minute));
    expect(await tasksOf(lead)).toEqual([]);
    await until(app, lead, later(app, 2 * minute));
    const task = await taskOf(lead);
    expect(task).toMatchObject({
      ...{ stepKey: 'call-about-the-line', kind: 'call', state: 'open' },
      note: 'Ask which line stops most often',
      person: { key: 'sophie' },
    });
    // Tuesday nine o'clock: two working days later, and as long again.
    expect(task.dueAt.toISOString()).toMatch(/^2026-03-05T08:0/);
    expect(task.lapsesAt.toISOString()).toMatch(/^2026-03-09T08:0/);
    expect(task.toldAt).not.toBeNull();
    const [mail] = mailsOfTasks();
    expect(mail).toMatchObject({ to: task.person.address, customArgs: { task_id: task.id } });
    expect(read(app, mail).text).toContain('Ask which line stops most often');
    await until(app, lead, later(app, day));
    expect(await stepsOf(app, lead)).toEqual(['before']);
    const history = await app.client.workflow.getHandle(await nurtureOf(app, lead)).fetchHistory();
    // Payloads are told in base64.
    const text = JSON.stringify(history, (key, value: unknown) =>
      key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
    );
    expect(text).toContain(task.personId);
    for (const secret of ['Lovelace', task.person.name, 'which line'])
      expect(text).not.toContain(secret);
    // Done: the next mail leaves at once, and said again nothing changes.
    expect(await says(lead, 'done', 'line three')).toEqual({ recorded: true });
    expect(await stepsOf(app, lead)).toEqual(['before', 'after']);
    expect(await says(lead, 'done')).toEqual({ recorded: false });
    expect(await says(lead, 'skipped')).toEqual({ refused: 'ended already' });
    expect(await taskOf(lead)).toMatchObject({ state: 'done', remark: 'line three', way: 'page' });
    expect(mailsOfTasks()).toHaveLength(1);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });

  it('is skipped, or lapses when it is overdue by as much again, and the sequence goes on', async () => {
    const skipped = await aNurturedLead(app);
    await until(app, skipped, later(app, day + minute));
    expect(await says(skipped, 'skipped')).toEqual({ recorded: true });
    expect(await stepsOf(app, skipped)).toEqual(['before', 'after']);
    const lapsed = await aNurturedLead(app);
    await until(app, lapsed, later(app, day + minute));
    const { lapsesAt } = await taskOf(lapsed);
    await until(app, lapsed, plus(instant(lapsesAt.getTime()), -minute));
    expect(await stepsOf(app, lapsed)).toEqual(['before']);
    await until(app, lapsed, later(app, 2 * minute));
    expect(await stepsOf(app, lapsed)).toEqual(['before', 'after']);
    expect(await taskOf(lapsed)).toMatchObject({ state: 'lapsed', endedById: null });
    expect(await says(lapsed, 'done')).toEqual({ refused: 'ended already' });
  });

  it('passes over who is away, and goes on to somebody else when whoever has it leaves', async () => {
    const sophie = await app.database.person.findUniqueOrThrow({ where: { key: 'sophie' } });
    const at = app.clock.now();
    await setAway(app.database, sophie.id as PersonId, { from: at, until: plus(at, 5 * day) });
    const lead = await aNurturedLead(app, { ...bestFit, country: 'AT' });
    await until(app, lead, later(app, day + minute));
    const first = await taskOf(lead);
    expect(first.person.key).not.toBe('sophie');
    await endAway(app.database, sophie.id as PersonId, app.clock.now());
    const before = mailsOfTasks().length;
    // Somebody who may leave: the catch-all owner may not.
    await app.database.task.updateMany({ where: { id: first.id }, data: { personId: sophie.id } });
    await app.database.person.update({ where: { key: 'sophie' }, data: { active: false } });
    await does(app, lead, { kind: 'page', subject: '/x' });
    const passed = await taskOf(lead);
    expect(passed).toMatchObject({ id: first.id, state: 'open', dueAt: first.dueAt });
    expect(passed.person.key).not.toBe('sophie');
    expect(mailsOfTasks().length).toBe(before + 1);
    await app.database.person.update({ where: { key: 'sophie' }, data: { active: true } });
  });

  it('lapses with its enrollment: who asks for sales is nobody’s to call any more (P10)', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day + minute));
    expect(await taskOf(lead)).toMatchObject({ state: 'open' });
    await does(app, lead, { kind: 'form', subject: 'Book a demo' });
    expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
    expect(await taskOf(lead)).toMatchObject({ state: 'lapsed' });
  });

  it('is frozen by a pause: what was left of the wait is left of it afterwards (P9)', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day + minute));
    const { lapsesAt } = await taskOf(lead);
    const workflow = app.client.workflow.getHandle(await nurtureOf(app, lead));
    await workflow.signal('pause');
    await settled(app, lead);
    await until(app, lead, plus(instant(lapsesAt.getTime()), 10 * day));
    expect(await taskOf(lead)).toMatchObject({ state: 'open' });
    await workflow.signal('resume');
    await settled(app, lead);
    expect(await taskOf(lead)).toMatchObject({ state: 'open' });
    expect(await stepsOf(app, lead)).toEqual(['before']);
    await until(app, lead, later(app, 10 * day));
    expect(await taskOf(lead)).toMatchObject({ state: 'lapsed' });
    expect(await stepsOf(app, lead)).toEqual(['before', 'after']);
  });

  it('does not hold up a sequence that goes on at once, which is over when the task is', async () => {
    const more = '    go_on: at once\n    note:';
    await aSequence(app, 'c-nurture', yaml.replace('    note:', more));
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day + hour));
    expect(await stepsOf(app, lead)).toEqual(['before', 'after']);
    expect(await taskOf(lead)).toMatchObject({ state: 'open' });
    expect((await enrollmentOf(app, lead)).endedAt).toBeNull();
    await says(lead, 'done');
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
    await aSequence(app, 'c-nurture', yaml);
  });

  it('is done by a rep of a rehearsal, by the link of their mail', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day + minute));
    const { person } = await taskOf(lead);
    const persona = readPersonas(
      'personas.yaml',
      'leads: { l: { about: a, share: 1, looks: 09:00-10:00 } }\nreps: { r: { about: a, share: 1, answers: after 1 hour, accepts: 100 % } }',
      null,
    ).reps.r;
    if (persona === undefined) throw new Error('There is no persona.');
    const mail = read(app, mailsOfTasks().at(-1));
    const deeds = new RepPerson(persona, person.address, 1).receives(mail, app.clock.now());
    expect(deeds).toMatchObject([{ what: 'does a task', at: later(app, hour) }]);
    const { publicUrl } = app.config.http;
    for (const deed of deeds) await deed.act(worldOf(app.config, app.sandbox.reader, publicUrl));
    await settled(app, lead);
    expect(await taskOf(lead)).toMatchObject({ state: 'done', endedById: person.id });
    expect(await stepsOf(app, lead)).toEqual(['before', 'after']);
  });

  it('is one, however many turns come to it at once', async () => {
    const first = yaml.replace(/ {2}- \{ mail: before[^]*?1 day\n/, '');
    await aSequence(app, 'c-nurture', first);
    const before = mailsOfTasks().length;
    const lead = await aNurturedLead(app);
    await Promise.all([1, 2, 3].map(n => does(app, lead, { kind: 'page', subject: `/${n}` })));
    expect(await tasksOf(lead)).toHaveLength(1);
    expect(mailsOfTasks().length).toBe(before + 1);
    const { id } = await enrollmentOf(app, lead);
    const task = await taskOf(lead);
    await expect(
      app.database.task.create({
        data: {
          ...{ id: crypto.randomUUID(), enrollmentId: id, stepKey: task.stepKey, kind: 'call' },
          ...{ personId: task.personId, createdAt: task.createdAt },
          ...{ dueAt: task.dueAt, lapsesAt: task.lapsesAt },
        },
      }),
    ).rejects.toThrow('Unique');
  });
});
