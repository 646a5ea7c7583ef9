import { grades, type Grade } from '../grade.ts';

/** How many leads go from one grade to another; rows: under the active version, columns: under the draft. */
export type Moves = Record<Grade, Record<Grade, number>>;

export function noMoves(): Moves {
  const row = () => ({ A: 0, B: 0, C: 0, D: 0 });
  return { A: row(), B: row(), C: row(), D: row() };
}

/** How many leads there are, and how many of them get a better and a worse grade. */
export function sumOfMoves(moves: Moves): { leads: number; better: number; worse: number } {
  const sum = { leads: 0, better: 0, worse: 0 };
  for (const [row, from] of grades.entries()) {
    for (const [column, to] of grades.entries()) {
      const count = moves[from][to];
      sum.leads += count;
      if (column < row) sum.better += count;
      if (column > row) sum.worse += count;
    }
  }
  return sum;
}
