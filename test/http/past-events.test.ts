import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { importEvents } from '../../intake/import-events.ts';
import { intakeProgress } from '../../store/intake.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { createFiles } from '../intake/files.ts';
import { aNurturedLead } from '../nurtured.ts';
import { bestFit, escalationsOf, mailsTo, settled } from '../program.ts';
import { postTo } from './api.ts';

let app: App;
let files: Awaited<ReturnType<typeof createFiles>>;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  files = await createFiles();
});
afterAll(async () => {
  await files.remove();
  await app.stop();
});

async function addressOf(lead: LeadId): Promise<string> {
  const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
  return row.address ?? '';
}
const turnOf = async (lead: LeadId) =>
  (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).turn;
const ago = (days: number) => new Date(app.clock.now() - days * 86_400_000).toISOString();

let made = 0;
const told = (email: string, type: string, name: string, days: number) => ({
  specversion: '1.0',
  id: String((made += 1)),
  source: 'past',
  type,
  time: ago(days),
  data: { email, name },
});

/** Imports a file, and has the leads looked at as the command does. */
async function bringIn(rows: readonly string[]) {
  const path = await files.write(`Email,Event,Name,Date\n${rows.join('\n')}\n`);
  const options = {
    path,
    dates: 'month',
    map: [],
    dryRun: false,
    onProgress: () => undefined,
  } as const;
  const result = await importEvents(app.database, theAgreement(), options, app.clock.now());
  await app.engine.importIntake(result.importId, { shift: app.clock.shift(), again: true });
  while (!(await intakeProgress(app.database, result.importId)).finished) await sleep(50);
  return result;
}

describe('past events', () => {
  it('of years ago are kept, wake nobody, mail nobody and escalate nobody', async () => {
    const lead = await aNurturedLead(app, bestFit);
    const email = await addressOf(lead);
    const [turn, mails] = [await turnOf(lead), (await mailsTo(app, lead)).length];
    const events = Array.from({ length: 50 }, (_, n) =>
      told(email, n % 2 === 0 ? 'form' : 'reply', 'Book a demo', 400 + n),
    );
    const { body } = await postTo(app, '/v1/events', events);
    expect(body).toEqual({ stored: 50, repeated: 0, unknown: [] });
    const rows = Array.from({ length: 50 }, (_, n) => `${email},form,Contact,${ago(200 + n)}`);
    expect(await bringIn(rows)).toMatchObject({ stored: 50, touched: 0 });
    await settled(app, lead);
    expect(await turnOf(lead)).toBe(turn);
    expect(await mailsTo(app, lead)).toHaveLength(mails);
    expect(await escalationsOf(app, lead)).toEqual([]);
  });

  it('count by their age, told by a call or by a file', async () => {
    const [one, two] = [await aNurturedLead(app, bestFit), await aNurturedLead(app, bestFit)];
    // The pricing page gives 10 points over 30 days, so 15 days later 5; a careers page takes 10 over 60.
    const { status } = await postTo(app, '/v1/events', [
      told(await addressOf(one), 'page', '/pricing', 15),
      told(await addressOf(one), 'page', '/pricing', 45),
    ]);
    expect(status).toBe(202);
    const address = await addressOf(two);
    await bringIn([`${address},page,/pricing,${ago(15)}`, `${address},page,/pricing,${ago(45)}`]);
    for (const lead of [one, two]) {
      await settled(app, lead);
      const score = await app.database.score.findFirstOrThrow({
        where: { leadId: lead },
        orderBy: { id: 'desc' },
      });
      expect(score.engagement).toBe(500);
    }
  });

  it('that still raise a hand take the lead to sales, once, however often they are told', async () => {
    const lead = await aNurturedLead(app, bestFit);
    const rows = [`${await addressOf(lead)},form,Book a demo,${ago(10)}`];
    expect(await bringIn(rows)).toMatchObject({ stored: 1, touched: 1 });
    await settled(app, lead);
    expect(await bringIn(rows)).toMatchObject({ stored: 0, touched: 0 });
    await settled(app, lead);
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'hand raise' }]);
  });
});
