import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import { does, enrollmentOf, escalationsOf, settled } from '../program.ts';
import { runIn } from './run.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('now');
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;
const lockstep = (...words: string[]) => runIn(app, 'leads', ...words);

async function addressOf(lead: LeadId): Promise<string> {
  const { address } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
  return address ?? '';
}

async function statusOf(workflowId: string): Promise<string> {
  return (await app.client.workflow.getHandle(workflowId).describe()).status.name;
}

/** Waits until a workflow has ended, or runs. */
async function becomes(workflowId: string, status: string): Promise<void> {
  await expect.poll(() => statusOf(workflowId), { timeout: 20_000 }).toBe(status);
}

describe('lockstep leads merge and unmerge', () => {
  it('say first what goes, end one sequence, and let it go on again', async () => {
    const [survivor, other] = [await aNurturedLead(app), await aNurturedLead(app)];
    const [own, old] = [await addressOf(survivor), await addressOf(other)];
    await does(app, other, { kind: 'page', subject: '/pricing' });
    const nurture = `nurture/${(await enrollmentOf(app, other)).id}`;

    const dry = await lockstep('merge', own, old, '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringMatching(/would become .*events +\d/s)]);
    expect(await addressOf(other)).toBe(old);

    const told = await lockstep('merge', own, old);
    expect([told.code, told.out]).toEqual([0, expect.stringContaining(`leads unmerge ${old}`)]);
    await settled(app, survivor);
    await becomes(nurture, 'COMPLETED');
    // What it does goes on to count, by the address that it had.
    await does(app, survivor, { leadId: null, address: old as never, ...demo });
    expect(await escalationsOf(app, survivor)).toMatchObject([{ cause: 'hand raise' }]);
    const shown = await lockstep('show', old);
    expect(shown.out.replace(/\s+/g, ' ')).toContain(
      `${old} was merged into this lead, ${own}, on `,
    );
    expect(JSON.parse((await lockstep('show', old, '--json')).out)).toMatchObject({
      id: survivor,
      merged: { address: old },
    });
    const page = app.links.lead(other, app.clock.now());
    expect(await (await fetch(page)).text()).toContain('Lena Vogt');

    const again = await lockstep('merge', own, old);
    expect([again.code, again.error]).toEqual([1, expect.stringContaining('was merged into it')]);
    const back = await lockstep('unmerge', old, '--json');
    expect(JSON.parse(back.out)).toMatchObject({ restored: other, moved: { enrollments: 1 } });
    // The demo was its own.
    await settled(app, other);
    await expect.poll(() => escalationsOf(app, other)).toMatchObject([{ cause: 'hand raise' }]);
    const none = await lockstep('unmerge', old);
    expect([none.code, none.error]).toEqual([1, expect.stringContaining("a lead's own address")]);
  }, 120_000);

  it('have an escalation go on for the survivor, and take its sequence up again', async () => {
    const [survivor, other] = [await aNurturedLead(app), await aNurturedLead(app)];
    const [own, old] = [await addressOf(survivor), await addressOf(other)];
    await does(app, other, demo);
    const [escalation] = await escalationsOf(app, other);
    const nurture = `nurture/${(await enrollmentOf(app, survivor)).id}`;
    const told = await lockstep('merge', survivor, other, '--json');
    expect(JSON.parse(told.out)).toMatchObject({ goesOn: escalation?.id });
    await becomes(nurture, 'COMPLETED');
    await settled(app, survivor);
    expect(await escalationsOf(app, survivor)).toMatchObject([
      { id: escalation?.id, endedAt: null },
    ]);
    expect((await lockstep('unmerge', old)).code).toBe(0);
    await becomes(nurture, 'RUNNING');
    await settled(app, survivor);
    expect(await escalationsOf(app, other)).toMatchObject([{ id: escalation?.id, endedAt: null }]);
    expect(await addressOf(survivor)).toBe(own);
  }, 120_000);

  it('lets whoever has the link of an old mail leave, for the person as a whole (P2)', async () => {
    const [survivor, other] = [await aNurturedLead(app), await aNurturedLead(app)];
    const [own, old] = [await addressOf(survivor), await addressOf(other)];
    const link = app.links.unsubscribe(other);
    expect((await lockstep('merge', own, old)).code).toBe(0);
    expect(await (await fetch(link)).text()).toContain('<form');
    expect((await fetch(link, { method: 'POST' })).status).toBe(200);
    await settled(app, survivor);
    expect((await enrollmentOf(app, survivor)).endReason).not.toBeNull();
    expect((await lockstep('show', own)).out).toContain('suppressed');
  }, 120_000);
});
