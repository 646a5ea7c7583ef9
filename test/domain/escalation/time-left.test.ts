import { describe, expect, it } from 'vitest';
import { afterWorkingTime, workingTimeBetween } from '../../../domain/calendar/working-time.ts';
import type { Week } from '../../../domain/calendar/week.ts';
import { timeLeft } from '../../../domain/escalation/time-left.ts';
import { hour, instant } from '../../../domain/instant.ts';

const week: Week = {
  days: [1, 2, 3, 4, 5],
  from: 9 * 60,
  to: 17 * 60,
  zone: 'Europe/Berlin',
  holidays: 'DE',
};
const at = (text: string) => instant(Date.parse(text));

describe('the time that is left', () => {
  it.each([
    ['in one day', '2026-03-03T10:00+01:00', '2026-03-03T12:10+01:00', '2 h 10 min left'],
    ['on the hour', '2026-03-03T10:00+01:00', '2026-03-03T12:00+01:00', '2 h left'],
    [
      'at the very end',
      '2026-03-03T11:59:30+01:00',
      '2026-03-03T12:00+01:00',
      'less than a minute left',
    ],
    ['over a night', '2026-03-03T16:30+01:00', '2026-03-04T09:15+01:00', '45 min left'],
    ['before work', '2026-03-03T05:00+01:00', '2026-03-03T10:00+01:00', '1 h left'],
    ['over a weekend', '2026-03-06T16:00+01:00', '2026-03-09T12:00+01:00', '4 h left'],
    ['on a Sunday', '2026-03-08T12:00+01:00', '2026-03-09T12:00+01:00', '3 h left'],
    ['of some days', '2026-03-03T10:00+01:00', '2026-03-05T13:20+01:00', '2 working days 3 h left'],
    ['of a day', '2026-03-03T10:00+01:00', '2026-03-04T10:00+01:00', '1 working day left'],
    ['over a holiday', '2026-04-02T16:00+02:00', '2026-04-07T10:00+02:00', '2 h left'],
    [
      'over the change to summer time',
      '2026-03-27T16:00+01:00',
      '2026-03-30T10:00+02:00',
      '2 h left',
    ],
    [
      'that is over',
      '2026-03-04T10:00+01:00',
      '2026-03-03T14:00+01:00',
      'overdue since Tue 3 Mar, 14:00',
    ],
    [
      'that ends now',
      '2026-03-03T14:00+01:00',
      '2026-03-03T14:00+01:00',
      'overdue since Tue 3 Mar, 14:00',
    ],
  ])('%s', (_, now, due, told) => {
    expect(timeLeft(at(due), at(now), week, week.zone)).toBe(told);
  });

  it('is what was agreed on, just after it began', () => {
    for (let n = 0; n < 24 * 14; n++) {
      const begin = instant(at('2026-03-20T00:00Z') + n * hour);
      const due = afterWorkingTime(begin, { unit: 'hour', count: 4 }, week);
      expect(workingTimeBetween(begin, due, week)).toBe(4 * hour);
    }
    expect(workingTimeBetween(at('2026-03-04T10:00Z'), at('2026-03-03T10:00Z'), week)).toBe(0);
  });
});
