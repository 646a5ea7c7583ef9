import Holidays from 'date-holidays';

const known = new Map<string, string | null>();

/** The time zone in which most of a country lives by the calendar's own data; null for an unknown country. */
export function zoneOfCountry(country: string): string | null {
  let zone = known.get(country);
  if (zone === undefined) {
    const zones = new Holidays(country).getTimezones() as string[] | undefined;
    zone = zones?.[0] ?? null;
    known.set(country, zone);
  }
  return zone;
}
