import { setCurrentDetails } from '@temporalio/workflow';
import type { ActivationId, LeadId } from '../domain/ids.ts';
import type { Rollout } from '../domain/nurture/rollout.ts';
import { activationTurn } from './activities.ts';
import { goOnAfresh, isLong } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';
import { utc } from './utc.ts';

export interface ActivationInput {
  activation: ActivationId;
  /** What it had come to, when an earlier run goes on here. */
  phase?: 'grading' | 'telling';
  /** The last lead of that phase. */
  after?: LeadId;
}

/**
 * An agreement that was put into force: all leads graded anew, page by page; those told to look that have to; then
 * those that crossed by it alone let through to sales, each day as many as reps can take.
 */
export async function activation(input: ActivationInput): Promise<void> {
  const { activation: id } = input;
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  let place: Omit<ActivationInput, 'activation'> = input;
  for (;;) {
    const { phase = 'grading', after } = place;
    const from = after === undefined ? {} : { after };
    const next = await activationTurn({ activation: id, phase, ...from, shift });
    setCurrentDetails(details(next));
    if (next.kind === 'ended') return;
    if (next.kind === 'graded') place = { phase: 'telling' };
    if (next.kind === 'grading' || next.kind === 'telling')
      place = { phase: next.kind, after: next.last };
    if (isLong()) return goOnAfresh<typeof activation>({ ...place, activation: id });
    if (next.kind === 'pacing') await nudges.arriveBefore(next.until, 'reps have room again');
    nudges.take();
  }
}

/** How far it has come, for the Temporal UI. */
function details(next: Rollout): string {
  const { version, total, looked, changed, crossed, released } = next.counts;
  const lines = [
    `### Agreement version ${version}: ${next.kind}`,
    `Looked at **${looked}** of ${total} leads; **${changed}** have another grade.`,
    `**${crossed}** crossed by it alone; ${released} of them were let through to reps.`,
  ];
  if (next.kind === 'pacing')
    lines.push(`${next.waiting} wait. The next are let through on ${utc(next.until)}.`);
  if (next.kind === 'ended') lines.push(`Ended: ${next.why}.`);
  return lines.join('\n\n');
}
