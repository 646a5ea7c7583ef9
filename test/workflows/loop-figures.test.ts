import { afterAll, beforeAll, expect, it } from 'vitest';
import { day, minute, plus, second } from '../../domain/instant.ts';
import { loopOf } from '../../domain/review/loop.ts';
import { loopFacts } from '../../store/loop.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import { theAgreement } from '../domain/facts.ts';
import { handedOver } from '../handed-over.ts';
import { aLead, answer, bestFit, does, later, takeIn, until } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-10-05T08:00:00Z');
});
afterAll(() => app.stop());

async function escalated() {
  app.clock.at = plus(app.clock.at, minute);
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, {
    ...{ kind: 'form', subject: 'Book a demo', at: plus(app.clock.at, -10 * second) },
  });
  return lead;
}

it('the loop counts what both teams promised, in time and late, and what is open', async () => {
  const from = app.clock.now();
  const won = await escalated();
  for (const kind of ['accepted', 'contacted', 'qualified'] as const) await answer(app, won, kind);
  await answer(app, won, 'won', null, { money: { minor: 100, currency: 'EUR' } });
  const rejected = await escalated();
  await answer(app, rejected, 'rejected', 'no compelling need');
  await until(app, rejected, later(app, minute));
  await does(app, rejected, { kind: 'form', subject: 'Book a demo' });
  const late = await escalated();
  await until(app, late, later(app, 3 * day));
  await answer(app, late, 'accepted');
  const at = app.clock.now();
  const period = { from, to: plus(at, 1) };
  const facts = await loopFacts(app.database, period, at);
  expect(facts).toMatchObject({
    ...{ escalated: 4, accepted: 2, rejected: 1, qualified: 1, won: 1, lost: 0 },
    ...{ recycled: 1, cameBack: 1, openCount: 2 },
    answers: { kept: 2, due: 4 },
    contacts: { kept: 1, due: 2 },
    reasons: [{ reason: 'no compelling need', count: 1 }],
  });
  const loop = loopOf(facts, theAgreement(), period);
  expect(loop.promises.map(({ what, target }) => [what, target])).toEqual([
    ['leads handed to sales', 5],
    ['accepted, of those answered', 60],
    ['accepted or rejected in time', null],
    ['contacted in time', 90],
    ['feedback in time', 90],
  ]);
  expect(loop.owners.reduce((sum, { open }) => sum + open, 0)).toBe(2);
  const rows = await app.database.escalation.findMany({ where: { endedAt: null } });
  const oldest = Math.min(...rows.map(({ createdAt }) => createdAt.getTime()));
  expect(Math.min(...loop.owners.map(({ since }) => since))).toBe(oldest);
  expect(loop.owners.reduce((sum, { overdue }) => sum + overdue, 0)).toBe(
    facts.open.filter(({ dueAt }) => dueAt !== null && dueAt <= at).length,
  );
});

it('is told on the command line', async () => {
  const many = Array.from({ length: 24 }, (_, n) =>
    handedOver(app, {
      source: n < 12 ? 'webinar' : 'fair',
      said: n < 8 ? { rejected: 'bad data' } : 'accepted',
    }),
  );
  await Promise.all(many);
  const { code, out } = await runIn(app, 'loop', '--days', '366', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ...{ agreementVersion: 1, openCount: 18 },
    proposals: [
      {
        ...{ reason: 'bad data', about: 'data', lever: 'source', value: 'webinar' },
        ...{ share: { count: 8, of: 12 }, others: { count: 0, of: 15 } },
      },
    ],
  });
  const text = await runIn(app, 'loop', '--days', '366');
  expect(text.out).toContain('accepted or rejected in time');
  expect(text.out).toContain('What the reasons point at:');
  expect(text.out.replace(/\s+/g, ' ')).toContain(
    '- Of 12 leads answered from the source "webinar", 8 were "bad data" (67 %, 39 to 86 %); of 15 others 0 %. Look at how its data is gathered and checked.',
  );
  expect((await runIn(app, 'loop', '--days', 'many')).code).not.toBe(0);
});
