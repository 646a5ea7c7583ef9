import { setTimeout as sleep } from 'node:timers/promises';
import { instant, type Instant } from '../../domain/instant.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeProgress } from '../../store/intake.ts';
import { whatHappened, type WhatHappened } from '../../store/what-happened.ts';
import { Conductor, type Progress } from './conductor.ts';
import { openTheatre, type Theatre, type TheatreOptions } from './theatre.ts';

export interface RehearsalOptions extends Omit<TheatreOptions, 'inboxPort' | 'from'> {
  inboxPort: number;
  from: Instant;
  to: Instant;
  /** A CSV file, imported at the beginning. */
  leads: string;
  /** Whether what is open afterwards goes on in real time. */
  livesOn: boolean;
  /** Ends the rehearsal early, in order. */
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

export interface Rehearsed extends Progress {
  told: WhatHappened;
  /** Real milliseconds, without the servers' start. */
  tookMs: number;
}

/**
 * Plays a program from one moment to another, on servers and a worker that run already, with an agreement that
 * is active and sequences that are published.
 * @throws StuckError
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsed> {
  const began = performance.now();
  const theatre = await openTheatre(options);
  try {
    await bringIn(theatre, options.leads, options.from);
    const conductor = new Conductor(theatre, options.to, options.onProgress);
    const progress = await conductor.play(options.signal);
    if (options.livesOn && !options.signal.aborted)
      await conductor.bringTo(() => instant(Date.now()));
    return {
      ...progress,
      told: await whatHappened(theatre.database),
      tookMs: performance.now() - began,
    };
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
