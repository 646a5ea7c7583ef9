import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VersionId } from '../../domain/ids.ts';
import { hour } from '../../domain/instant.ts';
import { switchMail } from '../../store/control.ts';
import { moveBlocked } from '../../store/move-blocked.ts';
import { rollBack } from '../../store/publication.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import {
  aLead,
  aSequence,
  bestFit,
  enrollmentOf,
  later,
  search,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

describe('a mail that cannot go out', () => {
  it('waits, blocked and visible, when a mail cannot be made, and goes on when a mended version frees it', async () => {
    const yaml =
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - { mail: one, subject: "{{ lead.company }}", preheader: p }\n';
    const lead = await aLead(app, { ...bestFit, company: null });
    const other = await aLead(app, bestFit);
    await withSequence('c-nurture', yaml, async () => {
      await takeIn(app, lead);
      await takeIn(app, other);
      expect(await stepsOf(app, other)).toEqual(['one']);
      expect(await stepsOf(app, lead)).toEqual([]);
      const blocked = await enrollmentOf(app, lead);
      expect(blocked.blocked).toMatchObject({
        code: 'template',
        mail: 'one',
        detail: 'undefined variable: lead.company',
      });
      expect(await search(app, `Stage = "blocked" AND LeadId = "${lead}"`)).toEqual([
        `nurture/${blocked.id}`,
      ]);
      const { id, content } = await publish(
        'c-nurture',
        yaml.replace('{{ lead.company }}', "{{ lead.company | default: 'you' }}"),
      );
      expect(
        await moveBlocked(app.database, 'c-nurture', id, content.plan, app.clock.now()),
      ).toEqual([lead]);
      app.nudger.nudge([lead]);
      await settled(app, lead);
      expect(await stepsOf(app, lead)).toEqual(['one']);
    });
  });

  it('is freed as well when the missing field arrives', async () => {
    const lead = await aLead(app, { ...bestFit, company: null });
    await withSequence(
      'c-nurture',
      'goal: t\nowner: n\nwindow: always\nsteps:\n  - { mail: two, subject: "{{ lead.company }}", preheader: p }\n',
      async () => {
        await takeIn(app, lead);
        expect(await stepsOf(app, lead)).toEqual([]);
        await app.database.lead.update({
          where: { id: lead },
          data: { company: 'Engines', revision: { increment: 1 } },
        });
        app.nudger.nudge([lead]);
        await settled(app, lead);
        expect(await stepsOf(app, lead)).toEqual(['two']);
      },
    );
  });

  it('sends nothing while all mail is off, and goes on when it is on again', async () => {
    const lead = await aLead(app, bestFit);
    await switchMail(app.database, 'off', app.clock.now());
    await takeIn(app, lead);
    await until(app, lead, later(app, 3 * hour));
    expect(await stepsOf(app, lead)).toEqual([]);
    await switchMail(app.database, 'on', app.clock.now());
    await until(app, lead, later(app, 2 * hour));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });
});

async function publish(name: string, yaml: string) {
  await aSequence(app, name, yaml);
  const row = await app.database.sequence.findUniqueOrThrow({
    where: { name },
    include: { current: true },
  });
  return { id: row.currentId as never, content: row.current.content as { plan: never } };
}

/** Puts another sequence in a name's place for a while. */
async function withSequence(name: string, yaml: string, work: () => Promise<void>): Promise<void> {
  const before = await app.database.sequence.findUniqueOrThrow({ where: { name } });
  await aSequence(app, name, yaml);
  try {
    await work();
  } finally {
    await rollBack(app.database, name, before.currentId as VersionId, app.clock.now());
  }
}
