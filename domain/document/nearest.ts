import { distance } from 'fastest-levenshtein';

/** The word of `known` that was most likely meant by `word`, or null when none is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  // Of short words any is near any other.
  let least = word.length < 3 ? 1 : Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** ` Did you mean "title"?`, or what there is to choose from when nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  if (best !== null) return ` Did you mean "${best}"?`;
  return known.length === 0 || known.length > 12 ? '' : ` Known: ${known.join(', ')}.`;
}
