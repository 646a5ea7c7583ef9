import { setTimeout as sleep } from 'node:timers/promises';
import { instant, type Instant } from '../../domain/instant.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeProgress } from '../../store/intake.ts';
import { faultNames } from '../sendgrid/faults.ts';
import { Conductor, type Progress } from './conductor.ts';
import type { RehearsalReport } from './report/report.ts';
import { resultOf } from './result.ts';
import { openTheatre, type Theatre, type TheatreOptions } from './theatre.ts';

export interface RehearsalOptions extends TheatreOptions {
  title: string;
  /** What the cast was made with. */
  seed: number;
  to: Instant;
  /** A CSV file, imported at the beginning. */
  leads: string;
  /** Whether what is open afterwards goes on in real time. */
  livesOn: boolean;
  /** Ends the rehearsal early, in order. */
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/**
 * Plays a program from one moment to another, on servers and a worker that run already, with an agreement that
 * is active and sequences that are published. A rehearsal that is told to stop tells what was played until then.
 * @throws StuckError
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { from, title, seed } = options;
  const began = performance.now();
  const theatre = await openTheatre(options);
  try {
    await bringIn(theatre, options.leads, from);
    const conductor = new Conductor(theatre, options.to, options.onProgress);
    const { at: to, forwards } = await conductor.play(options.signal);
    if (options.livesOn && !options.signal.aborted)
      await conductor.bringTo(() => instant(Date.now()));
    const tookMs = performance.now() - began;
    const faults = faultNames.filter(name => options.faults[name] > 0);
    return await resultOf(theatre.database, {
      ...{ title, seed, from, to, tookMs, forwards, faults },
    });
  } finally {
    await theatre.close();
  }
}

async function bringIn(
  { database, engine, clock }: Theatre,
  path: string,
  at: Instant,
): Promise<void> {
  const active = await activeAgreement(database);
  if (active === null) throw new Error('No agreement is active.');
  const { importId } = await importLeads(
    database,
    active.agreement,
    {
      ...{ path, source: 'rehearsal', cost: null, map: [], dryRun: false },
      onProgress: () => undefined,
    },
    at,
  );
  await engine.importIntake(importId, { shift: clock.shift() });
  while (!(await intakeProgress(database, importId)).finished) await sleep(20);
}
