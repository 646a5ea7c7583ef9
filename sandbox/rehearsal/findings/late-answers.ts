import type { WhatHappened } from '../../../store/what-happened.ts';
import { byLead } from '../counts.ts';
import { fault, type Rule } from './finding.ts';
import { some, tallied } from './wording.ts';

/** Escalations that sales did not answer by the time that the agreement gives them. */
export const lateAnswers: Rule = (told, { to, people }) => {
  const broken = answeredEscalations(told).filter(({ acceptDueAt, endedAt, answer }) =>
    answer === undefined
      ? acceptDueAt < to && (endedAt === null || endedAt > acceptDueAt)
      : answer.at > acceptDueAt,
  );
  if (broken.length === 0) return null;
  const late = broken.filter(({ answer }) => answer !== undefined).length;
  const names = new Map(people.map(({ key, name }) => [key, name]));
  const owners = tallied(broken.map(({ owner }) => names.get(owner) ?? owner));
  return fault(
    'late answers',
    broken.length,
    `Of ${some(told.escalations.length, 'escalation')}, ${late} ${late === 1 ? 'was' : 'were'} answered later than agreed and ${broken.length - late} not at all. By owner: ${owners}.`,
    broken.map(({ lead }) => lead),
  );
};

/** Each escalation with its first answer: what sales said of the lead before it came again. */
function answeredEscalations({ escalations, answers }: WhatHappened) {
  const all = byLead(escalations);
  const given = byLead(answers);
  return escalations.map(escalation => {
    const { lead, at } = escalation;
    const next = all.get(lead)?.find(other => other.at > at)?.at ?? Infinity;
    const answer = given.get(lead)?.find(answer => answer.at >= at && answer.at < next);
    return { ...escalation, answer };
  });
}
