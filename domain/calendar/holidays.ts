import Holidays from 'date-holidays';

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
    const all = (calendar.getHolidays(Number(date.slice(0, 4))) as HolidayList | undefined) ?? [];
    days = new Set(
      all.filter(({ type }) => type === 'public').map(holiday => holiday.date.slice(0, 10)),
    );
    cache.set(key, days);
  }
  return days.has(date);
}

type HolidayList = { type: string; date: string }[];
