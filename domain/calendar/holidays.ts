import Holidays from 'date-holidays';
import { DateTime } from 'luxon';
import { day, hour } from '../instant.ts';

const cache = new Map<string, ReadonlySet<string>>();

/**
 * Whether a day is a public holiday.
 * @param date local calendar date, `2026-12-25`
 * @param region `DE`, or `DE-BE` for a part of a country; unknown regions have no holidays
 */
export function isPublicHoliday(date: string, region: string): boolean {
  const key = `${region} ${date.slice(0, 4)}`;
  let days = cache.get(key);
  if (days === undefined) {
    const [country = '', ...part] = region.split('-');
    const calendar =
      part.length === 0 ? new Holidays(country) : new Holidays(country, part.join('-'));
    // Holidays of an unknown country come back as undefined, whatever the types say.
    const all = (calendar.getHolidays(Number(date.slice(0, 4))) as Holiday[] | undefined) ?? [];
    days = new Set(all.filter(({ type }) => type === 'public').flatMap(daysOf));
    cache.set(key, days);
  }
  return days.has(date);
}

interface Holiday {
  type: string;
  /** Local time at which it begins, such as `2026-03-20 00:00:00`. */
  date: string;
  start: Date;
  end: Date;
}

/** The dates of a holiday, which may take several days; the evening before some of them is no day of theirs. */
function daysOf({ date, start, end }: Holiday): string[] {
  const first = DateTime.fromISO(date.slice(0, 10), { zone: 'utc' });
  // A change of the clock may take an hour off.
  const count = Math.max(1, Math.floor((end.getTime() - start.getTime() + 2 * hour) / day));
  return Array.from({ length: count }, (_, n) => first.plus({ days: n }).toFormat('yyyy-MM-dd'));
}
