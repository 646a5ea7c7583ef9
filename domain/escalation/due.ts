import type { AgreementDocument } from '../agreement/schema.ts';
import type { Grade } from '../agreement/grade.ts';
import { afterWorkingTime } from '../calendar/working-time.ts';
import type { Week } from '../calendar/week.ts';
import type { Instant } from '../instant.ts';
import type { Candidate, Route } from './routing.ts';

/**
 * The agreed working hours of sales.
 * @param country where a rep works, ISO 3166-1 alpha-2; null is where the agreement says nothing else
 */
export function workingWeek(
  { working_hours: { countries, ...ordinary } }: AgreementDocument,
  country: string | null,
): Week {
  const abroad = country === null ? undefined : countries?.[country];
  const { zone, holidays } = abroad ?? ordinary;
  return {
    days: abroad?.days ?? ordinary.days,
    from: abroad?.from ?? ordinary.from,
    to: abroad?.to ?? ordinary.to,
    zone,
    holidays: holidays ?? null,
  };
}

/** By when whoever a lead was routed to has to answer and to contact it. */
export function dueTimesOf(
  { person }: Route,
  candidates: readonly Pick<Candidate, 'id' | 'country'>[],
  agreement: AgreementDocument,
  grade: Grade,
  at: Instant,
): ReturnType<typeof dueTimes> {
  const owner = candidates.find(({ id }) => id === person);
  return dueTimes(agreement, grade, owner?.country ?? null, at);
}

/**
 * By when an escalation must be accepted or rejected, and the lead contacted, in the working hours of its
 * owner's country. A lead that replied with a grade below B is as urgent as a B.
 */
export function dueTimes(
  agreement: AgreementDocument,
  grade: Grade,
  country: string | null,
  at: Instant,
): { acceptDueAt: Instant; contactDueAt: Instant } {
  const week = workingWeek(agreement, country);
  const row = grade === 'A' ? 'A' : 'B';
  const { accept_within: accept, first_contact_within: contact } = agreement.sales;
  return {
    acceptDueAt: afterWorkingTime(at, accept[row], week),
    contactDueAt: afterWorkingTime(at, contact[row], week),
  };
}
