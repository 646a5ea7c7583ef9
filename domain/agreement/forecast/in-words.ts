import type { Forecast } from '../forecast.ts';

/** What would have to be written for the draft to fit. */
export function thresholdInWords(
  { shift, cuts, perWeek, fits, askedForPerWeek }: NonNullable<Forecast['threshold']>,
  capacity: number | null,
): string {
  const { high, middle, low } = cuts;
  const rate = count(Math.round(perWeek));
  if (!fits)
    return `Not even cuts of ${high}, ${middle} and ${low} bring it to ${capacity ?? 0} a week: it would be ${rate}, of which ${count(Math.round(askedForPerWeek))} ask for sales themselves (replies, bookings, raised hands).`;
  if (shift === 0) return `The draft's cuts of ${high}, ${middle} and ${low} are just right: ${rate} a week.`;
  const move = `${Math.abs(shift)} ${Math.abs(shift) === 1 ? 'point' : 'points'} ${shift > 0 ? 'higher' : 'lower'}`;
  const cutsInWords = `With all cuts ${move} (high ${high}, middle ${middle}, low ${low})`;
  return shift > 0
    ? `${cutsInWords} the draft hands over ${rate} a week, which the reps can take.`
    : `There is room: ${cutsInWords.toLowerCase()} it would be ${rate} a week.`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
