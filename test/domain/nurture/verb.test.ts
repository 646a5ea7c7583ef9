import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnrollmentId } from '../../../domain/ids.ts';
import { day, minute, plus } from '../../../domain/instant.ts';
import { obey } from '../../../domain/nurture/verb.ts';
import { anEnrollment, monday } from '../facts.ts';

describe('ops', () => {
  const enrollment = anEnrollment({ dueAt: plus(monday, 3 * day) });

  it('pause and resume keep what was left of the wait (P9)', () => {
    const { enrollment: paused } = obey(enrollment, ['pause', 'pause'], plus(monday, day));
    expect(paused).toMatchObject({ pausedAt: plus(monday, day), remainingMs: 2 * day });
    const weeks = plus(monday, 30 * day);
    const { enrollment: resumed } = obey(paused, ['resume'], weeks);
    expect(resumed).toMatchObject({ pausedAt: null, remainingMs: null });
    expect(resumed.dueAt).toBeGreaterThanOrEqual(plus(weeks, 2 * day));
    expect(resumed.dueAt).toBeLessThan(plus(weeks, 2 * day + 30 * minute));
  });

  it('resume many without a burst (P9)', () => {
    const dues = Array.from({ length: 1_000 }, (_, n) => {
      const one = anEnrollment({ id: `e-${n}` as EnrollmentId, pausedAt: monday, remainingMs: 0 });
      return Math.floor((obey(one, ['resume'], monday).enrollment.dueAt - monday) / minute);
    });
    for (let slot = 0; slot < 30; slot++)
      expect(dues.filter(due => due === slot).length).toBeLessThan(70);
  });

  it('are taken at their last word, as a reset says everything again at once', () => {
    const hold = fc.constantFrom('pause' as const, 'resume' as const);
    const days = fc.integer({ min: -10, max: 10 });
    fc.assert(
      fc.property(
        fc.array(hold, { minLength: 1 }),
        hold,
        days,
        days,
        (said, first, due, passed) => {
          const at = plus(monday, 20 * day);
          const begun = anEnrollment({ dueAt: plus(at, due * day) });
          const { enrollment: before } = obey(begun, [first], plus(at, -Math.abs(passed) * day));
          const { enrollment: after } = obey(before, said, at);
          expect(after).toEqual(obey(before, said.slice(-1), at).enrollment);
          expect(obey(after, said, plus(at, day)).enrollment).toEqual(after);
        },
      ),
    );
  });

  it('pause and resume before an end, or after it, change nothing of it', () => {
    expect(obey(enrollment, ['pause', 'stop', 'resume'], monday)).toEqual({
      enrollment,
      ended: 'stopped by ops',
    });
  });

  it('stop and cancel end it, and resume alone does nothing', () => {
    expect(obey(enrollment, ['stop'], monday).ended).toBe('stopped by ops');
    expect(obey(enrollment, ['cancel'], monday).ended).toBe('cancelled by ops');
    expect(obey(enrollment, ['resume'], monday)).toEqual({ enrollment, ended: null });
  });
});
