import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { ImportId } from '../../domain/ids.ts';
import { instant, type Instant } from '../../domain/instant.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeProgress } from '../../store/intake.ts';
import { faultNames } from '../sendgrid/faults.ts';
import { readPersonas } from '../people/schema.ts';
import { Cast } from './cast.ts';
import { Conductor, type Progress } from './conductor.ts';
import type { RehearsalReport } from './report/report.ts';
import { resultOf } from './result.ts';
import { openTheatre, type Theatre, type TheatreOptions } from './theatre.ts';

export interface RehearsalOptions extends TheatreOptions {
  title: string;
  /** A file of personas. */
  personas: string;
  /** Everything random comes from it. */
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
  const theatre = await openTheatre({ ...options, faults: { ...options.faults, seed } });
  try {
    const active = await activeAgreement(theatre.database);
    if (active === null) throw new Error('No agreement is active.');
    const cast = await castOf(active.agreement, options.personas, seed);
    await bringIn(theatre, active.agreement, options.leads, from);
    const began = performance.now();
    const conductor = new Conductor({ ...theatre, cast }, options.onProgress);
    const { at: to, forwards } = await conductor.play(options.to, options.signal);
    const tookMs = performance.now() - began;
    if (options.livesOn && !options.signal.aborted)
      await conductor.bringTo(() => instant(Date.now()));
    const faults = faultNames.filter(name => options.faults[name] > 0);
    return await resultOf(theatre.database, {
      ...{ title, seed, from, to, tookMs, forwards, faults },
    });
  } finally {
    await theatre.close();
  }
}

/** The people of a file, who know of the agreement why leads are rejected, and by which clock they work. */
export async function castOf(agreement: Agreement, file: string, seed: number): Promise<Cast> {
  const { rejections, working_hours: hours } = agreement;
  const personas = readPersonas(file, await readFile(file, 'utf8'), Object.keys(rejections));
  return new Cast(personas, seed, hours.zone);
}

/** Imports leads as they would come in, and waits until each is in its place. */
export async function bringIn(
  { database, engine, clock }: Pick<Theatre, 'database' | 'engine' | 'clock'>,
  agreement: Agreement,
  path: string,
  at: Instant,
): Promise<ImportId> {
  const { importId } = await importLeads(
    database,
    agreement,
    {
      ...{ path, source: 'rehearsal', cost: null, map: [], dryRun: false },
      onProgress: () => undefined,
    },
    at,
  );
  await engine.importIntake(importId, { shift: clock.shift() });
  while (!(await intakeProgress(database, importId)).finished) await sleep(20);
  return importId;
}
