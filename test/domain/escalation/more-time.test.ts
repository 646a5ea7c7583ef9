import { describe, expect, it } from 'vitest';
import { workingWeek } from '../../../domain/escalation/due.ts';
import { laterBy, readAmount, readUntil } from '../../../domain/escalation/more-time.ts';
import { day, instant } from '../../../domain/instant.ts';
import { theAgreement } from '../facts.ts';

const zone = 'Europe/Berlin';

describe('more time', () => {
  it.each([
    ['1 working day', { unit: 'day', count: 1 }],
    ['4 working hours', { unit: 'hour', count: 4 }],
    ['2 days', 2 * day],
  ])('is understood as "%s"', (text, amount) => {
    expect(readAmount(text)).toEqual({ amount });
  });

  it.each(['', '0 days', '0 working days', '1 workingday', 'soon', '-1 day'])(
    'is not understood as "%s"',
    text => {
      expect(readAmount(text)).toEqual({
        problem: expect.stringContaining('write it like "1 working day"') as string,
      });
    },
  );

  it('is understood as a day and a time, by the clock on the wall in summer and in winter', () => {
    const at = (text: string) => ({ until: instant(Date.parse(text)) });
    expect(readUntil('2026-12-03 12:00', zone)).toEqual(at('2026-12-03T11:00Z'));
    expect(readUntil('2026-07-03T9:30', zone)).toEqual(at('2026-07-03T07:30Z'));
    for (const text of ['2026-12-03', '2026-13-03 12:00', '3.12.2026 12:00', 'tomorrow', '25:00'])
      expect(readUntil(text, zone)).toHaveProperty('problem');
  });

  it('is added to when it is due, or to now when that is past, and nights and weekends do not count', () => {
    const week = workingWeek(theAgreement(), null);
    const friday = instant(Date.parse('2026-03-06T16:00+01:00'));
    const due = instant(Date.parse('2026-03-06T17:00+01:00'));
    const hours = { unit: 'hour', count: 1 } as const;
    const told = (from: typeof due | null) => new Date(laterBy(hours, from, week, friday));
    expect(told(due)).toEqual(new Date('2026-03-09T09:30+01:00'));
    expect(told(instant(0))).toEqual(new Date('2026-03-06T17:00+01:00'));
    expect(told(null)).toEqual(new Date('2026-03-06T17:00+01:00'));
    expect(laterBy(2 * day, due, week, friday)).toBe(due + 2 * day);
  });
});
