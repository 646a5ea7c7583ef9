import type { Part } from './machine.ts';

/** One run of a scenario. */
export interface Run {
  /** A second. */
  rate: number;
  /** Milliseconds of CPU for one, by part. */
  cpu: Partial<Record<Part, number>>;
}
