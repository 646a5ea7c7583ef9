import { DateTime } from 'luxon';
import { instant, type Instant } from '../instant.ts';

/** The forms that exports write dates in, beside ISO 8601. */
const forms = ['yyyy-MM-dd HH:mm', 'yyyy-MM-dd HH:mm:ss', 'd.M.yyyy', 'd.M.yyyy HH:mm'];
/** A slash means the American order, unless the file is said to put days first. */
const monthFirst = ['M/d/yyyy', 'M/d/yyyy H:mm', 'M/d/yyyy h:mm a'];
const dayFirst = ['d/M/yyyy', 'd/M/yyyy H:mm', 'd/M/yyyy h:mm a'];

/**
 * Reads a moment as exports write it; without a time zone it is UTC.
 * @param order which number of a date with slashes comes first
 * @returns null when it is none
 */
export function parseMoment(text: string, order: 'month' | 'day' = 'month'): Instant | null {
  const iso = DateTime.fromISO(text, { zone: 'utc' });
  if (iso.isValid) return instant(iso.toMillis());
  for (const form of [...forms, ...(order === 'day' ? dayFirst : monthFirst)]) {
    const moment = DateTime.fromFormat(text, form, { zone: 'utc', locale: 'en' });
    if (moment.isValid) return instant(moment.toMillis());
  }
  return null;
}
