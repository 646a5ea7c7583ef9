import type { Hundredths } from '../hundredths.ts';

export const grades = ['A', 'B', 'C', 'D'] as const;
/** A and B go to sales, C and D are nurtured. */
export type Grade = (typeof grades)[number];

/** Bands from best to worst. Fit is told by a letter, engagement by a number (1 is most). */
export type FitBand = Grade;
export type EngagementBand = 1 | 2 | 3 | 4;

/** The scores at which a band begins, from 0 to 100, in falling order. */
export interface Cuts {
  high: number;
  middle: number;
  low: number;
}

/** Rows: fit from A to D; columns: engagement from 1 to 4. */
export type Matrix = readonly (readonly Grade[])[];

/** Whether a grade is sales' to work. */
export function isSales(grade: Grade): grade is 'A' | 'B' {
  return grade === 'A' || grade === 'B';
}

/**
 * The band of a score, 0 (best) to 3. A band is entered at its cut and left downwards only
 * `hysteresis` points below it, so that a score that hovers at a cut does not flap.
 * @param previous the band before, or null for the first time
 */
export function bandOf(
  score: Hundredths,
  cuts: Cuts,
  hysteresis: number,
  previous: number | null,
): number {
  const limits = [cuts.high, cuts.middle, cuts.low];
  for (const [band, limit] of limits.entries()) {
    const held = previous !== null && previous <= band;
    if (score >= (held ? limit - hysteresis : limit) * 100) return band;
  }
  return 3;
}

export function fitBand(band: number): FitBand {
  return grades[band] ?? 'D';
}

export function engagementBand(band: number): EngagementBand {
  return (band + 1) as EngagementBand;
}

export function gradeOf(matrix: Matrix, fit: FitBand, engagement: EngagementBand): Grade {
  return matrix[grades.indexOf(fit)]?.[engagement - 1] ?? 'D';
}

/** The better of two grades. */
export function better(a: Grade, b: Grade): Grade {
  return grades.indexOf(a) < grades.indexOf(b) ? a : b;
}

/** Whether `grade` is `limit` or better. */
export function atLeast(grade: Grade, limit: Grade): boolean {
  return grades.indexOf(grade) <= grades.indexOf(limit);
}
