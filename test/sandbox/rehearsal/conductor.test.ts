import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { day, plus } from '../../../domain/instant.ts';
import { worldOf } from '../../../sandbox/people/world.ts';
import { Conductor } from '../../../sandbox/rehearsal/conductor.ts';
import { bringIn, castOf } from '../../../sandbox/rehearsal/rehearse.ts';
import { digestOf } from '../../../sandbox/rehearsal/digest.ts';
import { sampleLeads } from '../../../sandbox/sample/leads.ts';
import { report } from '../../../sandbox/sendgrid/report.ts';
import { faultsOf, noFaults, type Faults } from '../../../sandbox/sendgrid/faults.ts';
import { isSuppressed } from '../../../store/suppression.ts';
import { intakeProgress } from '../../../store/intake.ts';
import { whatHappened } from '../../../store/what-happened.ts';
import { startApp, type App } from '../../app.ts';
import { theAgreement } from '../../domain/facts.ts';
import { address } from '../../program.ts';

const personasFile = 'sandbox/people/personas.yaml';
const leads = 16;
const days = 14;

let app: App;
afterEach(() => app.stop());

/** Plays the shipped program with the first of the sample leads. */
async function played(seed: number, faults: Faults = noFaults) {
  app = await startApp('2026-03-02T08:00:00Z');
  app.sandbox.faults = { ...faults, seed };
  const from = app.clock.now();
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-rehearsal-'));
  try {
    const path = join(folder, 'leads.csv');
    await writeFile(
      path,
      sampleLeads(from)
        .split('\n')
        .slice(0, leads + 1)
        .join('\n'),
    );
    const importId = await bringIn(app, theAgreement(), path, from);
    expect((await intakeProgress(app.database, importId)).finished).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
  const cast = await castOf(theAgreement(), personasFile, seed);
  const world = worldOf(app.config, app.sandbox.reader, app.config.http.publicUrl);
  const conductor = new Conductor({ ...app, world, cast }, plus(from, days * day), () => undefined);
  const progress = await conductor.play(new AbortController().signal);
  return { progress, told: await whatHappened(app.database) };
}

describe('a rehearsal', () => {
  it('plays the same for the same seed, and something else for another', async () => {
    const first = await played(1);
    await app.stop();
    const again = await played(1);
    await app.stop();
    const other = await played(2);
    expect(first.progress.mails).toBeGreaterThan(leads);
    expect(first.progress.clicks).toBeGreaterThan(0);
    expect(first.progress.at - Date.parse('2026-03-02T08:00:00Z')).toBe(days * day);
    expect(again.told.mails).toEqual(first.told.mails);
    expect(again.told.scores).toEqual(first.told.scores);
    expect(again.told.escalations).toEqual(first.told.escalations);
    expect(digestOf(again.told)).toBe(digestOf(first.told));
    expect(digestOf(other.told)).not.toBe(digestOf(first.told));
  }, 240_000);

  it('keeps the promises whatever goes wrong at the provider (P1, P2, P3, P6)', async () => {
    const { told } = await played(3, faultsOf('all'));
    const counted = report(app.sandbox);
    expect(counted.repeated).toEqual([]);
    // Every mail that the ledger says was accepted left, and of those that left it knows every one.
    const known = told.mails.filter(({ state }) => state !== 'refused').length;
    const left = [...app.sandbox.outbox.all()].filter(
      ({ customArgs }) => customArgs.step !== undefined,
    ).length;
    expect(known).toBeGreaterThanOrEqual(left);
    // One crossing, one escalation: no lead is with two reps at once.
    const open = told.escalations.filter(({ endedAt }) => endedAt === null);
    expect(new Set(open.map(({ lead }) => lead)).size).toBe(open.length);
    // Nobody who left was mailed afterwards.
    for (const { lead } of told.leads) {
      if (!(await isSuppressed(app.database, address(lead)))) continue;
      const gone = told.engagements.filter(
        each => each.lead === lead && ['bounce', 'unsubscribe', 'complaint'].includes(each.kind),
      );
      const last = told.mails.filter(mail => mail.lead === lead).at(-1)?.at ?? 0;
      for (const { at } of gone) expect(last).toBeLessThanOrEqual(at + day);
    }
  }, 240_000);
});
