import { setCurrentDetails } from '@temporalio/workflow';
import type { SigningNext } from '../activities/signing.ts';
import type { AgreementId, ProposalId } from '../domain/ids.ts';
import { signingTurn } from './activities.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';

/** A draft of the agreement, or a version of a sequence that is proposed. */
export type SigningInput = { agreement: AgreementId } | { proposal: ProposalId };

/**
 * What waits to be signed: those who may sign it are asked, and asked again until it is signed or another took its
 * place.
 */
export async function signing(input: SigningInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  for (let isDue = true; ;) {
    const next: SigningNext = await signingTurn({ ...input, isDue, shift });
    const { version, standing, sequence } = next;
    const what = sequence === undefined ? 'Draft of the agreement' : `Proposed: ${sequence}`;
    setCurrentDetails(`### ${what}, version ${version}\n\n${standing}`);
    if (next.until === null) return;
    isDue = !(await nudges.arriveBefore(next.until, 'asks again'));
    nudges.take();
  }
}
