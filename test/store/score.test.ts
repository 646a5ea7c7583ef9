import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grade } from '../../domain/agreement/grade.ts';
import type { LeadId } from '../../domain/ids.ts';
import { day, hour, instant, plus, type Instant } from '../../domain/instant.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { agreeOn } from '../agreed.ts';
import { newId } from '../../store/database.ts';
import { gradeSteps, scoreAt } from '../../store/score.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { theAgreement } from '../domain/facts.ts';
import { aLead } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
let test: TestDatabase;
let lead: LeadId;
beforeAll(async () => {
  test = await createDatabase();
  const clock = { now: () => at, shift: () => 0 };
  lead = await aLead({ database: test.database, clock });
  // Somebody else's grades are nobody's business.
  await kept(await aLead({ database: test.database, clock }), plus(at, hour), 'A');
  await kept(lead, at, 'C');
  await kept(lead, plus(at, hour), 'C');
  await kept(lead, plus(at, day), 'B');
  const agreement = theAgreement();
  await agreeOn(test.database, { ...agreement, name: 'Another' }, plus(at, 2 * day));
  await kept(lead, plus(at, 2 * day), 'B');
  await kept(lead, plus(at, 3 * day), 'B');
  await kept(lead, plus(at, 4 * day), 'A');
});
afterAll(() => test.drop());

/** A score of nothing, as the active agreement would have kept it. */
async function kept(leadId: LeadId, moment: Instant, grade: Grade): Promise<void> {
  const active = await activeAgreement(test.database);
  await test.database.score.create({
    data: {
      ...{ id: newId(), leadId, agreementId: active?.id ?? '', at: new Date(moment), grade },
      ...{ fit: 0, engagement: 0, fitBand: 'D', engagementBand: 4, handRaised: false, lines: [] },
    },
  });
}

describe('what a lead was worth', () => {
  it('at a moment is what was kept last until then, with the version of the agreement of then', async () => {
    const told = async (moment: Instant) => {
      const found = await scoreAt(test.database, lead, moment);
      return found && [found.score.grade, found.version, found.score.at - at];
    };
    expect(await told(plus(at, -1))).toBeNull();
    expect(await told(at)).toEqual(['C', 1, 0]);
    expect(await told(plus(at, day - 1))).toEqual(['C', 1, hour]);
    expect(await told(plus(at, day))).toEqual(['B', 1, day]);
    expect(await told(plus(at, 3 * day + 1))).toEqual(['B', 2, 3 * day]);
    expect(await told(plus(at, 99 * day))).toEqual(['A', 2, 4 * day]);
  });

  it('over time is told in steps, newest first: another grade, or another agreement', async () => {
    const told = async (moment: Instant, most: number) =>
      (await gradeSteps(test.database, lead, moment, most)).map(({ score, version, before }) => [
        `${score.grade} v${version}`,
        before && (score.at - before.score.at) / hour,
      ]);
    expect(await told(plus(at, 9 * day), 20)).toEqual([
      ['A v2', 24],
      ['B v2', 24],
      ['B v1', 23],
      ['C v1', null],
    ]);
    expect(await told(plus(at, day), 1)).toEqual([['B v1', 23]]);
    expect(await told(plus(at, -1), 20)).toEqual([]);
  });
});
