import { setCurrentDetails } from '@temporalio/workflow';
import type { ActivationId, LeadId } from '../domain/ids.ts';
import type { Rollout } from '../domain/nurture/rollout.ts';
import { activationTurn } from './activities.ts';
import { goOnAfresh, isLong } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';

export interface ActivationInput {
  activation: ActivationId;
  /** The last lead that was graded; without it, the one that the database names. */
  after?: LeadId;
}

/**
 * An agreement that was put into force: all leads graded anew, page by page; then those that crossed by it
 * alone are let through to sales, each day as many as reps can take.
 */
export async function activation({ activation: id, after }: ActivationInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  for (let last = after; ;) {
    const next = await activationTurn({
      activation: id,
      ...(last === undefined ? {} : { after: last }),
      shift,
    });
    setCurrentDetails(details(next));
    if (next.kind === 'ended') return;
    if (next.kind === 'grading') last = next.last;
    const so = last === undefined ? {} : { after: last };
    if (isLong()) return goOnAfresh<typeof activation>({ activation: id, ...so });
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

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
