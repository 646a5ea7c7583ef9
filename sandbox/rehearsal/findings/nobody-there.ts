import { day } from '../../../domain/instant.ts';
import { fault, type Rule } from './finding.ts';
import { listed } from './wording.ts';

/** Segments and sequences that no lead came into. */
export const nobodyThere: Rule = (told, { sequences, segments, from, to }) => {
  const entered = new Set(told.enrollments.map(({ sequence }) => sequence));
  const fitted = new Set(told.enrollments.map(({ segment }) => segment));
  const empty = [
    ...segments.filter(name => !fitted.has(name)).map(name => `the segment "${name}"`),
    ...sequences.filter(({ name }) => !entered.has(name)).map(({ name }) => `the sequence ${name}`),
  ];
  if (empty.length === 0) return null;
  const days = Math.round((to - from) / day);
  const where = told.enrollments.length === 0 ? 'nurture' : listed(empty);
  return fault('nobody there', empty.length, `No lead came into ${where} in ${days} days.`, empty);
};
