import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { mailSwitch } from '../../store/control.ts';
import { startApp, type App } from '../app.ts';
import {
  aLead,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  search,
  settled,
  takeIn,
} from '../program.ts';
import { runIn } from './run.ts';

let app: App;
/** Two C leads and a D lead in nurture, told apart by segment and sequence, and a C lead with a rep. */
let leads: Record<'maker' | 'other' | 'distant' | 'escalated', LeadId>;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  leads = {
    maker: await aLead(app, bestFit),
    other: await aLead(app, { ...bestFit, industry: null }),
    distant: await aLead(app),
    escalated: await aLead(app, bestFit),
  };
  for (const lead of Object.values(leads)) await takeIn(app, lead);
  await does(app, leads.escalated, { kind: 'form', subject: 'Book a demo' });
  const open = `WorkflowType = "nurture" AND ExecutionStatus = "Running" AND Grade IN ("C", "D")`;
  const visible = async () => expect((await app.client.workflow.count(open)).count).toBe(3);
  await vi.waitFor(visible, { timeout: 10_000 });
});
afterAll(() => app.stop());

const ops = (...words: string[]) => runIn(app, 'ops', ...words);

/** The JSON that a command prints, once every lead has come to rest. */
async function json(...words: string[]): Promise<unknown> {
  const { code, out, error } = await ops(...words, '--json');
  expect([code, error]).toEqual([0, '']);
  for (const lead of Object.values(leads)) await settled(app, lead);
  return JSON.parse(out);
}

/** Which of the leads are paused. */
async function paused(): Promise<string[]> {
  const names: string[] = [];
  for (const [name, lead] of Object.entries(leads))
    if ((await enrollmentOf(app, lead)).pausedAt !== null) names.push(name);
  return names;
}

const addressOf = async (lead: LeadId) =>
  (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).address ?? '';

describe('lockstep ops', () => {
  it('says by a dry run how many each filter names, and changes nothing', async () => {
    const filters: [matched: number, mail: string | null, ...words: string[]][] = [
      [2, null, '--sequence', 'c-nurture'],
      [1, null, '--grade', 'D'],
      [2, null, '--segment', 'everyone else'],
      [1, null, '--segment', 'everyone else', '--grade', 'C'],
      [1, null, '--lead', await addressOf(leads.other)],
      [0, null, '--lead', await addressOf(leads.escalated)],
      [3, 'off', '--all'],
    ];
    await Promise.all(
      filters.map(async ([matched, mail, ...words]) => {
        const foretold = { verb: 'pause', matched, told: 0, mail, dryRun: true };
        expect([words, await json('pause', ...words, '--dry-run')]).toEqual([words, foretold]);
      }),
    );
    const { out } = await ops('resume', '--all', '--dry-run');
    expect(out).toBe(
      '3 leads in nurture would be told to resume, and all mail would be on; nothing has changed.\n',
    );
    expect(await paused()).toEqual([]);
    expect(await app.database.openSlot.count()).toBe(4);
    expect(await mailSwitch(app.database)).toBe('on');
  });

  it('pauses, resumes and stops just those that it names', async () => {
    expect(await json('pause', '--segment', 'everyone else')).toMatchObject({
      matched: 2,
      told: 2,
    });
    expect(await paused()).toEqual(['other', 'distant']);
    expect(await json('status')).toMatchObject({ nurturing: 1, paused: 2, escalated: 1 });
    expect(await json('resume', '--sequence', 'c-nurture')).toMatchObject({ told: 2 });
    expect(await paused()).toEqual(['distant']);
    const { out } = await ops('resume', '--lead', (await addressOf(leads.distant)).toUpperCase());
    expect(out).toBe('1 lead in nurture was told to resume.\n');
    await settled(app, leads.distant);
    expect(await paused()).toEqual([]);
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    expect(await search(app, `LeadId = "${lead}" AND WorkflowType = "nurture"`)).toHaveLength(1);
    expect(await json('stop', '--lead', await addressOf(lead))).toMatchObject({ told: 1 });
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('stopped by ops');
  });

  it('stops all mail by one switch, tells everybody in nurture, and leaves reps their leads', async () => {
    expect(await json('pause', '--all')).toMatchObject({ told: 3, mail: 'off' });
    expect(await paused()).toEqual(['maker', 'other', 'distant']);
    expect(await mailSwitch(app.database)).toBe('off');
    expect((await ops('status')).error).toContain('All mail is off.');
    expect(await json('resume', '--all')).toMatchObject({ told: 3, mail: 'on' });
    expect(await paused()).toEqual([]);
    expect(await mailSwitch(app.database)).toBe('on');
    expect(await escalationsOf(app, leads.escalated)).toMatchObject([{ endedAt: null }]);
  });

  it('refuses what names nobody, and says what to do', async () => {
    const mistakes: [code: number, why: string, ...words: string[]][] = [
      [1, '--all is every lead; leave it out to choose', '--all', '--grade', 'C'],
      [1, 'no sequence "c-nuture". Did you mean "c-nurture"?', '--sequence', 'c-nuture'],
      [1, 'Did you mean "makers and movers"?', '--segment', 'makers and mover'],
      [1, '"nobody" is no address: the address has no @.', '--lead', 'nobody'],
      [1, 'No lead has the address no@body.example.', '--lead', 'no@body.example'],
      [2, 'Allowed choices are C, D.', '--grade', 'B'],
    ];
    await Promise.all(
      mistakes.map(async ([code, why, ...words]) => {
        const ran = await ops('pause', ...words);
        expect([ran.code, ran.out]).toEqual([code, '']);
        expect(ran.error).toContain(why);
        expect(ran.error).not.toContain('    at ');
      }),
    );
  });
});
