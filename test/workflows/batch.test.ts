import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { day, minute, plus } from '../../domain/instant.ts';
import { countMatching, signalMatching } from '../../engine/batch.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import { batch } from '../ops.ts';
import { anImport, aSequence, bestFit, later, until } from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const half = 500;
const yaml = `
goal: t
owner: n
window: always
steps:
  - wait: 1d
  - { mail: one, subject: s, preheader: p }
  - wait: 4d
  - { mail: two, subject: s, preheader: p }
`;

/** Leads of one import, in nurture, and visible there. */
async function nurtured(
  sequence: string,
  fields: Parameters<typeof anImport>[2],
): Promise<LeadId[]> {
  await aSequence(app, sequence, yaml);
  const { importId, leads } = await anImport(app, half, fields);
  await app.engine.importIntake(importId, { shift: app.clock.shift() });
  await app.client.workflow.getHandle(`intake/${importId}`).result();
  await eventually(async () => (await countMatching(app.client, { Sequence: sequence })) === half);
  return leads;
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(100);
}

/** Both ways that ops have: Temporal's batch of a query, and what `lockstep ops` does. */
const tell = {
  byQuery: async (verb: string, sequence: string) => {
    const query = `WorkflowType = "nurture" AND ExecutionStatus = "Running" AND Sequence = "${sequence}"`;
    return (await batch(app, query, { signalOperation: { signal: verb } })).done;
  },
  byCommand: (verb: string, sequence: string) =>
    signalMatching(app.client, verb, { Sequence: sequence }, () => undefined),
};

const pausedCount = (leads: readonly LeadId[]) =>
  app.database.enrollment.count({
    where: { leadId: { in: [...leads] }, pausedAt: { not: null } },
  });

describe('a thousand leads', () => {
  it('are all paused, and resumed without a burst, by a batch of the server and by lockstep ops (P9)', async () => {
    const ofC = await nurtured('c-nurture', bestFit);
    const ofD = await nurtured('d-long-cycle', {});
    const leads = [...ofC, ...ofD];

    const first = tell.byQuery('pause', 'c-nurture');
    // A cluster runs one batch at a time; the second waits its turn.
    await sleep(2_000);
    expect(await tell.byCommand('pause', 'd-long-cycle')).toBe(half);
    expect(await first).toBe(half);
    await eventually(async () => (await pausedCount(leads)) === leads.length);

    // Weeks pass; for as many as can be watched in a test.
    const few = leads.filter((_, index) => index % 400 === 0);
    const weeks = later(app, 35 * day);
    for (const lead of few) await until(app, lead, weeks);
    expect(app.sandbox.outbox.count).toBe(0);

    expect(await tell.byCommand('resume', 'c-nurture')).toBe(half);
    expect(await tell.byQuery('resume', 'd-long-cycle')).toBe(half);
    await eventually(async () => (await pausedCount(leads)) === 0);
    const others = leads.filter(lead => !few.includes(lead));
    const perMinute = await duePerMinute(others);
    // Spread evenly over half an hour it would be 33.
    expect(Math.max(...perMinute.values())).toBeLessThan(65);
    expect(perMinute.size).toBeGreaterThanOrEqual(29);

    for (const lead of few) await until(app, lead, plus(weeks, 2 * day));
    for (const lead of few) expect(await stepsOf(app, lead)).toEqual(['one']);
    for (const lead of few) await until(app, lead, plus(weeks, 10 * day));
    for (const lead of few) expect(await stepsOf(app, lead)).toEqual(['one', 'two']);
  }, 300_000);
});

/** How many mails are due in each minute. */
async function duePerMinute(leads: readonly LeadId[]): Promise<Map<number, number>> {
  const rows = await app.database.enrollment.findMany({ where: { leadId: { in: [...leads] } } });
  const counts = new Map<number, number>();
  for (const { wakeAt } of rows) {
    const at = Math.floor((wakeAt?.getTime() ?? 0) / minute);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}
