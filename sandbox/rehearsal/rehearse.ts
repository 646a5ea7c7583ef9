import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import { instant, type Instant } from '../../domain/instant.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { intakeProgress } from '../../store/intake.ts';
import { faultNames } from '../sendgrid/faults.ts';
import { readPersonas } from '../people/schema.ts';
import { Cast } from './cast.ts';
import { Conductor, type Progress, type Stage } from './conductor.ts';
import type { RehearsalReport } from './report/report.ts';
import { resultOf } from './result.ts';
import { openTheatre, type TheatreOptions } from './theatre.ts';

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
    const conductor = await begin(theatre, options);
    const began = performance.now();
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

/** Imports leads as they would come in, waits until each is in its place, and casts the people who play. */
export async function begin(
  stage: Omit<Stage, 'cast'>,
  options: Pick<RehearsalOptions, 'leads' | 'personas' | 'seed' | 'onProgress'>,
): Promise<Conductor> {
  const active = await activeAgreement(stage.database);
  if (active === null) throw new Error('No agreement is active.');
  const { agreement } = active;
  const cast = await castOf(agreement, options.personas, options.seed);
  await bringIn(stage, agreement, options.leads);
  return new Conductor({ ...stage, cast }, options.onProgress);
}

/** The people of a file, who know of the agreement why leads are rejected, and by which clock they work. */
async function castOf(agreement: Agreement, file: string, seed: number): Promise<Cast> {
  const { rejections, working_hours: hours } = agreement;
  const personas = readPersonas(file, await readFile(file, 'utf8'), Object.keys(rejections));
  return new Cast(personas, seed, hours.zone);
}

async function bringIn(
  { database, engine, clock }: Omit<Stage, 'cast'>,
  agreement: Agreement,
  path: string,
): Promise<void> {
  const { importId } = await importLeads(
    database,
    agreement,
    {
      ...{ path, source: 'rehearsal', cost: null, map: [], dryRun: false },
      onProgress: () => undefined,
    },
    clock.now(),
  );
  await engine.importIntake(importId, { shift: clock.shift() });
  while (!(await intakeProgress(database, importId)).finished) await sleep(20);
}
