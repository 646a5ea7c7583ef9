import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conductor, Stage } from '../../../sandbox/rehearsal/conductor.ts';
import { begin } from '../../../sandbox/rehearsal/rehearse.ts';
import { sampleLeads } from '../../../sandbox/sample/leads.ts';

/** A rehearsal with the shipped people and the first of the sample leads, which are all in their places. */
export async function begun(
  stage: Omit<Stage, 'cast'>,
  seed: number,
  leads: number,
): Promise<Conductor> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-rehearsal-'));
  try {
    const path = join(folder, 'leads.csv');
    const lines = sampleLeads(stage.clock.now()).split('\n');
    await writeFile(path, lines.slice(0, leads + 1).join('\n'));
    const personas = 'sandbox/people/personas.yaml';
    return await begin(stage, { leads: path, personas, seed, onProgress: () => undefined });
  } finally {
    await rm(folder, { recursive: true });
  }
}
