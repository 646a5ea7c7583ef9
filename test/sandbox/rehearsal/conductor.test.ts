import { afterEach, describe, expect, it } from 'vitest';
import type { ImportId } from '../../../domain/ids.ts';
import { day, plus } from '../../../domain/instant.ts';
import { worldOf } from '../../../sandbox/people/world.ts';
import { digestOf } from '../../../sandbox/rehearsal/digest.ts';
import { intakeProgress } from '../../../store/intake.ts';
import { publishVersion } from '../../../store/publication.ts';
import { currentVersions } from '../../../store/sequence-version.ts';
import { whatHappened } from '../../../store/what-happened.ts';
import { startApp, type App } from '../../app.ts';
import { begun } from './begun.ts';

const leads = 16;
const days = 14;

let app: App;
afterEach(() => app.stop());

/** Plays the shipped program with the first of the sample leads. */
async function played(seed: number, change: (app: App) => Promise<void> = async () => undefined) {
  app = await startApp('2026-03-02T08:00:00Z');
  await change(app);
  const from = app.clock.now();
  const world = worldOf(app.config, app.sandbox.reader, app.config.http.publicUrl);
  const conductor = await begun({ ...app, world }, seed, leads);
  const { id } = await app.database.import.findFirstOrThrow();
  expect((await intakeProgress(app.database, id as ImportId)).finished).toBe(true);
  const progress = await conductor.play(plus(from, days * day), new AbortController().signal);
  return { progress, told: await whatHappened(app.database) };
}

/** One wait of one sequence takes a day less: a mail goes out on Thursday that else waits for Tuesday. */
async function waitLess({ database, clock }: App): Promise<void> {
  const version = (await currentVersions(database)).find(({ name }) => name === 'c-nurture');
  if (version === undefined) throw new Error('c-nurture is not published.');
  const plan = version.content.plan.map((step, index) =>
    index === 1 && step.do === 'wait' && step.wait.kind === 'for'
      ? { ...step, wait: { ...step.wait, ms: step.wait.ms - day } }
      : step,
  );
  expect(plan).not.toEqual(version.content.plan);
  await publishVersion(database, version.name, { ...version.content, plan }, clock.now());
}

describe('a rehearsal', () => {
  it('plays the same for the same seed and program, and something else for another of either', async () => {
    const first = await played(1);
    await app.stop();
    const again = await played(1);
    await app.stop();
    const other = await played(2);
    await app.stop();
    const sooner = await played(1, waitLess);
    expect(first.progress.mails).toBeGreaterThan(leads);
    expect(first.progress.clicks).toBeGreaterThan(0);
    expect(first.progress.at - Date.parse('2026-03-02T08:00:00Z')).toBe(days * day);
    expect(again.told.mails).toEqual(first.told.mails);
    expect(again.told.scores).toEqual(first.told.scores);
    expect(again.told.escalations).toEqual(first.told.escalations);
    expect(digestOf(again.told)).toBe(digestOf(first.told));
    expect(digestOf(other.told)).not.toBe(digestOf(first.told));
    expect(digestOf(sooner.told)).not.toBe(digestOf(first.told));
  }, 240_000);
});
