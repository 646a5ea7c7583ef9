import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../domain/instant.ts';
import { startApp, type App } from '../app.ts';
import { aLead, bestFit, enrollmentOf, later, mailsTo, takeIn, until } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

describe('nurture', () => {
  it('sends a whole sequence of weeks, each mail once and in its window', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await until(app, lead, later(app, 60 * day));
    const mails = await mailsTo(app, lead);
    expect(mails.map(({ customArgs }) => customArgs.step)).toEqual([
      '01-welcome',
      '02-what-a-stop-costs',
      '03-three-plants',
      '04-two-minutes',
      '05-whom-should-i-ask',
    ]);
    expect((await enrollmentOf(app, lead)).endReason).toBe('finished');
  });
});
