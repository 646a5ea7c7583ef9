import { distance } from 'fastest-levenshtein';

/**
 * The word that was surely meant: one letter in five is wrong at most, and no other word is as near.
 * @returns null when that is not sure
 */
export function surelyMeant(word: string, known: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(word.length / 5));
  const near = known
    .map(candidate => ({ candidate, steps: distance(word, candidate) }))
    .filter(({ steps }) => steps <= most)
    .toSorted((a, b) => a.steps - b.steps);
  const [best, next] = near;
  return best === undefined || best.steps === next?.steps ? null : best.candidate;
}
