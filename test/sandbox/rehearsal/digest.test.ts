import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf } from '../../../sandbox/rehearsal/digest.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, aMail, anEscalation, at, aTold } from './told.ts';

const { from, to } = aContext();
const told = madeUpProgram(3, 20, from, to);

it('is the same for the same happenings, in whatever order one moment is told', () => {
  expect(digestOf(told)).toMatch(/^[0-9a-f]{16}$/);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(told.mails, { minLength: told.mails.length }),
      fc.shuffledSubarray(told.scores, { minLength: told.scores.length }),
      (mails, scores) => digestOf({ ...told, mails, scores }) === digestOf(told),
    ),
    { numRuns: 20 },
  );
});

it('is another for one millisecond, another owner or one mail more', () => {
  const moment = at('2026-03-02T08:00:00Z');
  const digests = [
    aTold(),
    aTold({ mails: [aMail({ at: moment })] }),
    aTold({ mails: [aMail({ at: at('2026-03-02T08:00:00.001Z') })] }),
    aTold({ escalations: [anEscalation({ at: moment })] }),
    aTold({ escalations: [anEscalation({ at: moment, owner: 'emil' })] }),
  ].map(digestOf);
  expect(new Set(digests).size).toBe(digests.length);
});

it('is not of what the program began with', () => {
  const other: WhatHappened = {
    ...told,
    leads: [],
    engagements: [],
    scores: told.scores.map(score => ({ ...score, fit: 0 })),
  };
  expect(digestOf(other)).toBe(digestOf(told));
});
