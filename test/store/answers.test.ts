import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnswerKind } from '../../domain/escalation/life.ts';
import type { EscalationId, LeadId, PersonId } from '../../domain/ids.ts';
import { hour, instant, plus } from '../../domain/instant.ts';
import { Random } from '../../domain/random.ts';
import { attemptIn, recordAnswer } from '../../store/answer.ts';
import { reassign } from '../../store/assignment.ts';
import { newId } from '../../store/database.ts';
import { escalate, escalationState } from '../../store/escalation.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aLead } from '../program.ts';

let test: TestDatabase;
const now = instant(Date.parse('2026-03-02T09:00:00Z'));
const clock = { now: () => now, shift: () => 0 };
let reps: PersonId[];
beforeAll(async () => {
  test = await createDatabase(10);
  const people = await test.database.person.findMany({ where: { role: 'rep' } });
  reps = people.map(({ id }) => id as PersonId);
});
afterAll(() => test.drop());

/** An escalation that a rep was just given. */
async function given(): Promise<EscalationId> {
  const leadId: LeadId = await aLead({ database: test.database, clock }, {});
  const { id: agreementId } = await test.database.agreement.findFirstOrThrow();
  const score = await test.database.score.create({
    data: {
      ...{ id: newId(), leadId, agreementId, at: new Date(now), fit: 0, engagement: 0 },
      ...{ fitBand: 'D', engagementBand: 4, grade: 'B', handRaised: true, lines: [] },
    },
  });
  const [person = expect.fail()] = reps;
  return test.database.transaction(session =>
    escalate(session, {
      ...{ leadId, originKey: `${leadId}/1`, scoreId: score.id, enrollmentId: null },
      ...{ grade: 'B', cause: 'hand raise', segment: null, joins: null, at: now },
      route: { person, cause: 'routed', reason: 'in territory' },
      acceptDueAt: plus(now, hour),
      contactDueAt: plus(now, hour),
    }),
  );
}

it('of two hundred answers and reassignments at once each escalation has one owner, one end, and a story without gaps', async () => {
  const draw = new Random(7);
  const escalations = await Promise.all(Array.from({ length: 10 }, given));
  const kinds: AnswerKind[] = ['accepted', 'contacted', 'qualified', 'rejected', 'won', 'lost'];
  const work = Array.from({ length: 200 }, async (_, n) => {
    const escalationId = escalations[n % escalations.length] ?? expect.fail();
    const state = (await escalationState(test.database, escalationId)) ?? expect.fail();
    const by = { escalationId, personId: state.owner.id, way: 'page' } as const;
    const what = draw.below(8);
    if (what < 5) {
      const kind = draw.pick(kinds);
      const reason = kind === 'rejected' || kind === 'lost' ? `because ${what}` : null;
      return recordAnswer(test.database, { ...by, kind, reason }, now);
    }
    if (what === 5)
      return test.database.transaction(session =>
        attemptIn(session, { ...by, kind: 'call', note: null }, now),
      );
    const route = { person: draw.pick(reps), cause: 'ops', reason: 'ops said so' } as const;
    const times = { acceptDueAt: plus(now, hour), contactDueAt: plus(now, hour) };
    return test.database.transaction(session =>
      reassign(
        session,
        { escalationId, after: state.assignment.id, inState: state.state, route, ...times },
        now,
      ),
    );
  });
  await Promise.all(work);
  for (const id of escalations) {
    const state = (await escalationState(test.database, id)) ?? expect.fail();
    const assignments = await test.database.assignment.findMany({
      where: { escalationId: id },
      orderBy: { n: 'asc' },
    });
    expect(assignments.map(({ n }) => n)).toEqual(assignments.map((_, index) => index + 1));
    expect(assignments.at(-1)?.personId).toBe(state.owner.id);
    expect(state.dispositions.map(({ seq }) => seq)).toEqual(
      state.dispositions.map((_, index) => index + 1),
    );
    const ends = state.dispositions.filter(({ kind }) =>
      ['rejected', 'won', 'lost', 'closed'].includes(kind),
    );
    expect(ends.length).toBeLessThanOrEqual(1);
    // Nothing was said after the end.
    if (ends.length === 1) expect(state.dispositions.at(-1)).toEqual(ends[0]);
  }
});
