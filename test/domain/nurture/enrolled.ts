import { day } from '../../../domain/instant.ts';
import { decideEnrollment, decideIdle } from '../../../domain/nurture/decide.ts';
import type { EnrollmentFacts, Facts } from '../../../domain/nurture/facts.ts';
import type { Plan } from '../../../domain/sequence/plan.ts';
import { anEnrollment, anEvent, monday, theAgreement, theFacts } from '../facts.ts';

export const agreement = theAgreement();
const always = 'always' as const;
export const mail = (name: string, window: 'always' | null = always) => ({
  do: 'mail' as const,
  mail: name,
  subject: 's',
  preheader: 'p',
  window,
});
export const waitDays = (days: number) => ({
  do: 'wait' as const,
  wait: { kind: 'for' as const, ms: days * day },
});
export const plan: Plan = [mail('first'), waitDays(4), mail('second'), waitDays(4), mail('third')];
export const fit = {
  title: 'Plant Manager',
  industry: 'manufacturing',
  employees: 500,
  country: 'DE',
};

export type Enrolled = Facts & { enrollment: EnrollmentFacts };
export const enrolled = (
  facts: Partial<Omit<Facts, 'lead' | 'enrollment'>> = {},
  lead: Parameters<typeof theFacts>[0] = {},
  enrollment: Partial<EnrollmentFacts> = {},
): Enrolled => ({
  ...theFacts(
    {
      fields: fit,
      seenRevision: 1,
      scoredAt: monday,
      grade: 'C',
      bands: { fit: 'A', engagement: 4 },
      ...lead,
    },
    facts,
  ),
  enrollment: anEnrollment(enrollment),
});
export const decide = (facts: Enrolled, at = monday, of: Plan = plan) =>
  decideEnrollment(facts, agreement, { sequence: 'test', plan: of }, at).move;
export const idle = (facts: Facts, at = monday) => decideIdle(facts, agreement, at).move;
export const demo = (at = monday) => anEvent({ kind: 'form', subject: 'Book a demo', at });
