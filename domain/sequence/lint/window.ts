import type { WindowRule } from '../schema.ts';
import type { LintedSequence } from './finding.ts';

/** When the mail of a step may go out: by its own window, else the agreement's; null when that is not known. */
export function windowFor({ plan, agreed }: LintedSequence, step: number): WindowRule | null {
  const instruction = plan[step];
  const own = instruction?.do === 'mail' ? instruction.window : null;
  return own ?? agreed?.window ?? null;
}
