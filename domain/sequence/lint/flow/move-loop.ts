import { findingInStep, type LintedSequence, type Rule } from '../finding.ts';

export const moveLoop: Rule = {
  id: 'move-loop',
  severity: 'error',
  why: 'Tracks that move leads to each other promise what does not happen: no lead gets a sequence twice.',
  mend: 'Let one of them end.',
  example: { wrong: 'a: move: b, and b: move: a', right: 'a: move: b, and b ends' },
  check: sequence =>
    sequence.plan.flatMap((instruction, step) => {
      if (instruction.do !== 'move' || instruction.sequence === sequence.name) return [];
      const way = wayBack(sequence, instruction.sequence);
      return way === null
        ? []
        : [
            findingInStep(
              sequence,
              step,
              'move',
              `this leads back here: ${[sequence.name, ...way].join(' → ')}; let one of them end.`,
            ),
          ];
    }),
};

/** The shortest way of moves from a sequence back to this one. */
function wayBack({ name, moves }: LintedSequence, from: string): string[] | null {
  const seen = new Set([from]);
  const ways = [[from]];
  for (const way of ways) {
    for (const next of moves.get(way.at(-1) ?? '') ?? []) {
      if (next === name) return [...way, name];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}
