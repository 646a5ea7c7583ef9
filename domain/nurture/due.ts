import type { Instant } from '../instant.ts';
import type { Move } from './decide.ts';

/** A move whose mail is to be sent now. */
export type Due = Extract<Move, { kind: 'wait' }> & { mail: { name: string } };

/** Whether what was decided is to send a mail at this very moment. */
export function isDue(move: Move, at: Instant): move is Due {
  return move.kind === 'wait' && move.then === 'deliver' && move.until !== null && move.until <= at;
}
