import { afterAll, beforeAll, expect, it } from 'vitest';
import { day, minute, plus, second } from '../../domain/instant.ts';
import { loopOf } from '../../domain/review/loop.ts';
import { loopFacts } from '../../store/loop.ts';
import { startApp, type App } from '../app.ts';
import { runIn } from '../cli/run.ts';
import { theAgreement } from '../domain/facts.ts';
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
});

it('is told on the command line', async () => {
  const { code, out } = await runIn(app, 'loop', '--days', '366', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ agreementVersion: 1, openCount: 2 });
  const text = await runIn(app, 'loop', '--days', '366');
  expect(text.out).toContain('accepted or rejected in time');
  expect((await runIn(app, 'loop', '--days', 'many')).code).not.toBe(0);
});
