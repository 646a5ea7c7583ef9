import type { Cap } from './cap.ts';
import { IANAZone } from 'luxon';
import { z } from 'zod';

/** ISO weekdays: 1 is Monday, 7 is Sunday. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** `mon-fri`, `tue, thu`, or both mixed; read to ISO weekdays in order. */
export const daysSchema = z.string().transform((text, context): number[] => {
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [from, to = from] = part.split('-').map(name => weekday(name));
    if (from === undefined || to === undefined || from === null || to === null) {
      context.addIssue({
        code: 'custom',
        message: `days are written like "mon-fri" or "tue, thu", with ${weekdays.join(', ')}`,
      });
      return z.NEVER;
    }
    for (let day = from; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === to) break;
    }
  }
  return [...days].toSorted((a, b) => a - b);
});

/** The ISO weekday of `tue` or `Tuesday`, or null. */
export function weekday(name: string): number | null {
  const index = weekdays.findIndex(short => name.trim().toLowerCase().startsWith(short));
  return index < 0 ? null : index + 1;
}

/** `09:30`, read to minutes since midnight. */
export const timeOfDaySchema = z.string().transform((text, context): number => {
  const [, hours, minutes] = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text.trim()) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (hours !== undefined && total <= 24 * 60) return total;
  context.addIssue({ code: 'custom', message: 'a time is written like "09:30"' });
  return z.NEVER;
});

export const zoneSchema = z
  .string()
  .refine(zone => IANAZone.isValidZone(zone), 'a time zone is written like "Europe/Berlin"');

/** `DE` or `DE-BE`: the public holidays of a country, or of a part of it. */
export const holidayRegionSchema = z
  .string()
  .regex(
    /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/,
    'holidays are named by country, such as "DE", or by part of it, such as "DE-BE"',
  );

export const countryCodeSchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'a country is written as its two-letter code, such as "DE"');

/** A part of the day on some days of the week, in minutes since midnight. */
export interface WeeklyHours {
  days: number[];
  from: number;
  to: number;
}

/** `4 working hours` or `1 working day`. */
export type WorkingTime = { unit: 'hour' | 'day'; count: number };

export const workingTimeSchema = z.string().transform((text, context): WorkingTime => {
  const [, count, unit] = /^(\d{1,3}) working (hour|day)s?$/.exec(text.trim().toLowerCase()) ?? [];
  if (count !== undefined && Number(count) > 0)
    return { unit: unit as 'hour' | 'day', count: Number(count) };
  context.addIssue({
    code: 'custom',
    message: 'working time is written like "4 working hours" or "1 working day"',
  });
  return z.NEVER;
});

/** At most so many mails to one lead, such as `2 mails a week`. */
export const capSchema = z.string().transform((text, context): Cap => {
  const [, mails, unit] = /^(\d{1,2}) mails? a (day|week)$/.exec(text.trim().toLowerCase()) ?? [];
  if (mails !== undefined && Number(mails) > 0)
    return { mails: Number(mails), days: unit === 'day' ? 1 : 7 };
  context.addIssue({ code: 'custom', message: 'a cap is written like "2 mails a week"' });
  return z.NEVER;
});
