import { describe, expect, it } from 'vitest';
import { day, hour, plus } from '../../../domain/instant.ts';
import { findingsOf } from '../../../sandbox/rehearsal/findings.ts';
import type { FindingsContext } from '../../../sandbox/rehearsal/findings/finding.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, aMail, anAnswer, anEnrollment, anEscalation, at, aTold } from './told.ts';

/** Of no sequence, segment or person, so that only what a test tells is found. */
const nothing = { sequences: [], segments: [], people: [] };
const monday = at('2026-03-02T08:00:00Z');

function found(told: Partial<WhatHappened>, context: Partial<FindingsContext> = {}) {
  return findingsOf(aTold(told), aContext({ ...nothing, ...context }));
}
const rules = (...of: Parameters<typeof found>) => found(...of).map(({ rule }) => rule);

it('says of a clean program that nothing was found', () => {
  const [only, ...others] = found({});
  expect(only).toMatchObject({ rule: 'nothing found', count: 0, isFault: false });
  expect(only?.text).toMatch(/^Nothing was found/);
  expect(others).toEqual([]);
});

it('finds leads in nurture that heard nothing for thirty days, and not those that left', () => {
  const enrollments = [
    anEnrollment({ at: monday, lead: 'quiet@x.example', sequence: 'd-long-cycle' }),
    anEnrollment({ at: monday, lead: 'heard@x.example' }),
    anEnrollment({ at: monday, lead: 'left@x.example', endedAt: plus(monday, 29 * day) }),
  ];
  const mails = [1, 30, 59, 88].map(days =>
    aMail({ at: plus(monday, days * day), lead: 'heard@x.example' }),
  );
  expect(found({ enrollments, mails })).toEqual([
    {
      ...{ rule: 'silence', count: 1, examples: ['quiet@x.example'], isFault: true },
      text: '1 lead in nurture got nothing for 30 days or longer; the longest silence was 90 days in d-long-cycle. By sequence: d-long-cycle 1.',
    },
  ]);
});

it('finds two mails on one day of the zone’s calendar', () => {
  const evening = at('2026-03-29T21:00:00Z');
  expect(rules({ mails: [aMail({ at: evening }), aMail({ at: plus(evening, hour) })] })).toEqual(
    // The second is after midnight in Berlin.
    ['bad hours'],
  );
  const [first] = found({ mails: [aMail({ at: monday }), aMail({ at: plus(monday, 8 * hour) })] });
  expect(first?.text).toBe(
    '1 lead got more than one mail on one day; the most was 2 mails to ada@x.example.',
  );
});

describe('the agreed time to answer', () => {
  const acceptDueAt = plus(monday, day);
  const escalations = [anEscalation({ at: monday, acceptDueAt })];
  const people = [{ key: 'lena', name: 'Lena Vogt', capacity: null }];

  it('is kept by an answer in the last moment, or by an end before it', () => {
    const answered = { escalations, answers: [anAnswer({ at: acceptDueAt })] };
    expect(rules(answered)).not.toContain('late answers');
    const ended = [anEscalation({ at: monday, acceptDueAt, endedAt: plus(monday, hour) })];
    expect(rules({ escalations: ended })).not.toContain('late answers');
    expect(rules({ escalations }, { to: plus(monday, hour) })).not.toContain('late answers');
  });

  it('is broken by a late answer and by none, also where the lead came again', () => {
    const again = plus(monday, 10 * day);
    const [first] = found(
      {
        escalations: [
          ...escalations,
          anEscalation({ at: again, acceptDueAt: plus(again, day) }),
          anEscalation({ at: monday, acceptDueAt, lead: 'ben@x.example' }),
        ],
        answers: [
          anAnswer({ at: plus(again, hour) }),
          anAnswer({ at: plus(monday, 2 * day), lead: 'ben@x.example' }),
        ],
      },
      { people },
    );
    expect(first).toMatchObject({ rule: 'late answers', count: 2 });
    expect(first?.text).toBe(
      'Of 3 escalations, 1 was answered later than agreed and 1 not at all. By owner: Lena Vogt 2.',
    );
  });
});

it('finds reps with more leads in any seven days than they take', () => {
  const people = [{ key: 'lena', name: 'Lena Vogt', capacity: 2 }];
  const on = (days: readonly number[]) => {
    const escalations = days.map(days => {
      const moment = plus(monday, days * day);
      return anEscalation({ at: moment, endedAt: plus(moment, hour) });
    });
    return found({ escalations }, { people }).find(({ rule }) => rule === 'over capacity');
  };
  expect(on([0, 6, 7, 13, 14])).toBeUndefined();
  expect(on([0, 5, 6, 11])?.text).toBe(
    '1 person got more leads within seven days than agreed: Lena Vogt got 3 from 2 March, and takes 2.',
  );
});

it('finds mails at night and on Sundays, and says by whose clock', () => {
  const mails = [
    aMail({ at: at('2026-03-02T20:59:59Z') }),
    aMail({ at: at('2026-03-03T21:00:00Z') }),
    aMail({ at: at('2026-03-05T04:59:59Z'), step: '02-what-a-stop-costs' }),
    aMail({ at: at('2026-03-06T05:00:00Z') }),
    aMail({ at: at('2026-03-08T12:00:00Z') }),
  ];
  const [first] = found({ mails });
  expect(first).toMatchObject({ rule: 'bad hours', count: 3 });
  expect(first?.text).toBe(
    'By the clock of Europe/Berlin, 2 mails between 22:00 and 06:00 and 1 mail on a Sunday went out. By step: c-nurture/01-welcome 2, c-nurture/02-what-a-stop-costs 1.',
  );
});

it('finds steps that no mail went out of, and places where nobody came', () => {
  const { sequences } = aContext();
  const told = {
    enrollments: [anEnrollment({ at: monday, endedAt: plus(monday, day) })],
    mails: [aMail({ at: monday })],
  };
  const [empty, unreached] = found(told, { sequences, segments: ['makers and movers'] });
  expect(empty?.text).toBe(
    'No lead came into the segment "makers and movers", the sequence d-long-cycle, the sequence problem-education, the sequence referral and the sequence stay-in-touch in 90 days.',
  );
  expect(unreached).toMatchObject({ rule: 'unreached steps', count: 5 });
  expect(unreached?.examples).toContain('c-nurture/04-calculator');
});

it('finds what nobody settled and who is blocked, and puts them first', () => {
  const mails = [
    aMail({ at: monday, state: 'unknown' }),
    aMail({ at: monday, state: 'refused', lead: 'ben@x.example' }),
  ];
  const findings = found({ mails }, { blocked: ['eve@x.example'] });
  expect(findings.map(({ text }) => text)).toEqual([
    '1 lead is blocked at the end: the next mail cannot be made for them, and waits until somebody mends it.',
    'Of 1 mail nobody knows whether the provider took it. The provider refused 1 mail. None of them is sent again.',
  ]);
});

it('tells how long leads take to sales as a figure, by nearest rank', () => {
  const days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 20];
  const leads = days.map(days => ({ lead: `${days}@x.example`, at: monday, grade: null }));
  const escalations = days.map(days => {
    const moment = plus(monday, days * day);
    return anEscalation({ at: moment, endedAt: moment, lead: `${days}@x.example` });
  });
  expect(found({ leads, escalations }).at(-1)).toEqual({
    ...{ rule: 'time to sales', count: 10, isFault: false },
    text: '10 leads came to sales, half of them within 4.0 days of coming in and nine of ten within 8.0 days; 1 of them on the first day.',
    examples: ['20', '8', '7', '6', '5'].map(days => `${days}@x.example`),
  });
});

it('keeps to five examples, with 240 leads as with none', () => {
  const context = aContext();
  for (const leads of [0, 1, 240]) {
    const findings = findingsOf(madeUpProgram(7, leads, context.from, context.to), context);
    expect(findings.length).toBeGreaterThan(0);
    for (const { examples, text } of findings) {
      expect(examples.length).toBeLessThanOrEqual(5);
      expect(text).toMatch(/^[A-Z0-9].*\.$/);
    }
  }
});
