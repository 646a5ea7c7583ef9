import { spreadOf } from '../../domain/calendar/send-window.ts';
import { Random } from '../../domain/random.ts';

/** Random numbers of one occasion, such as one mail to one person: the same whatever happened before. */
export function chanceOf(seed: number, ...occasion: string[]): Random {
  return new Random(Math.floor(spreadOf([seed, ...occasion].join('\n')) * 2 ** 32));
}

/** One of these, by their shares. @throws RangeError when none has a share */
export function byShare<T extends { share: number }>(
  candidates: Readonly<Record<string, T>>,
  random: Random,
): { name: string; persona: T } {
  const entries = Object.entries(candidates);
  let left = random.below(entries.reduce((sum, [, { share }]) => sum + share, 0));
  for (const [name, persona] of entries) {
    if (left < persona.share) return { name, persona };
    left -= persona.share;
  }
  throw new RangeError('No persona has a share.');
}
