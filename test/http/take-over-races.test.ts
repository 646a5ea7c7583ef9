import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { ingestEvents } from '../../store/event.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import {
  aLead,
  anArrival,
  bestFit,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  settled,
  until,
} from '../program.ts';
import { Takers } from '../taking.ts';

let app: App;
let takers: Takers;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  takers = await Takers.of(app);
});
afterEach(() => {
  app.sandbox.faults = { delayMs: 0 };
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;
const openRowsOf = (lead: LeadId) => app.database.openSlot.count({ where: { leadId: lead } });

describe('a lead is taken over', () => {
  it('by twenty presses at once: one has it, and the others are told who (P3)', async () => {
    const withRep = await takers.withRep();
    const leads = [
      { lead: await takers.nurtured(), after: '' },
      { lead: withRep.lead, after: await takers.seenBy(withRep.lead, withRep.other) },
    ];
    for (const { lead, after } of leads) {
      const before = await takers.ownerOf(lead);
      const presses = Array.from({ length: 20 }, async (_, n) => {
        const key = ['lena', 'emil', 'theo'][n % 3] ?? '';
        return { key, ...(await takers.press(lead, key, after)) };
      });
      const pressed = await Promise.all(presses);
      await settled(app, lead);
      const owner = (await takers.ownerOf(lead)) ?? '';
      const won = pressed.filter(({ status }) => status === 303);
      expect(won.map(({ key }) => key)).toEqual([owner]);
      const said = `${takers.nameOf(owner)} was faster, and has it now.`;
      for (const { key, status, text } of pressed) {
        if (key === owner) expect([200, 303]).toContain(status);
        // Whoever had it pressed before or after they lost it.
        else if (key !== before)
          expect([status, text]).toEqual([409, expect.stringContaining(said)]);
      }
      expect(await escalationsOf(app, lead)).toHaveLength(1);
      expect(await openRowsOf(lead)).toBe(1);
    }
  });

  it('while it crosses in the same moment: one escalation, and whoever has it is named', async () => {
    for (const delay of [0, 40, 120, 200, 400]) {
      const lead = await takers.nurtured();
      const arrival = anArrival(lead, { at: app.clock.now(), ...demo });
      await ingestEvents(app.database, [arrival], app.clock.now());
      app.nudger.nudge([lead]);
      await sleep(delay);
      const pressed = await takers.press(lead, 'lena', '');
      await settled(app, lead);
      const [escalation, ...others] = await escalationsOf(app, lead);
      expect(others).toEqual([]);
      expect(await openRowsOf(lead)).toBe(1);
      const owner = (await takers.ownerOf(lead)) ?? '';
      const isTaken = escalation?.cause === 'taken over';
      if (isTaken) expect([owner, pressed.status]).toEqual(['lena', 303]);
      else if (owner === 'lena') expect(pressed.text).toContain('It is yours already.');
      else expect(pressed.text).toContain(`${takers.nameOf(owner)} was faster`);
      expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'escalated' });
    }
  });

  it('while a mail is on its way: none leaves after the answer, and that one once (P1)', async () => {
    app.sandbox.faults = { delayMs: 1_200 };
    const lead = await aLead(app, bestFit);
    await app.engine.intake(lead, 1, { shift: app.clock.shift() });
    while ((await app.database.send.count({ where: { leadId: lead } })) === 0) await sleep(20);
    expect((await takers.press(lead, 'emil', '')).status).toBe(303);
    const mailed = await mailsTo(app, lead);
    expect(await app.database.send.findMany({ where: { leadId: lead } })).toMatchObject([
      { state: 'accepted', stepKey: '01-welcome' },
    ]);
    app.sandbox.faults = { delayMs: 0 };
    await settled(app, lead);
    await until(app, lead, later(app, 10 * day));
    expect(await mailsTo(app, lead)).toEqual(mailed);
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });
});
