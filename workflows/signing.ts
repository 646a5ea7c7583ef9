import { setCurrentDetails } from '@temporalio/workflow';
import type { SigningNext } from '../activities/signing.ts';
import type { AgreementId } from '../domain/ids.ts';
import { signingTurn } from './activities.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';

export interface SigningInput {
  agreement: AgreementId;
}

/** A draft of the agreement: both teams are asked to sign it, and asked again until they have. */
export async function signing({ agreement }: SigningInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  for (let isDue = true; ;) {
    const next: SigningNext = await signingTurn({ agreement, isDue, shift });
    setCurrentDetails(`### Draft of the agreement, version ${next.version}\n\n${next.standing}`);
    if (next.until === null) return;
    isDue = !(await nudges.arriveBefore(next.until, 'asks again'));
    nudges.take();
  }
}
