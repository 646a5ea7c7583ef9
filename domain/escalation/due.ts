import type { AgreementDocument } from '../agreement/schema.ts';
import type { Grade } from '../agreement/grade.ts';
import { afterWorkingTime } from '../calendar/working-time.ts';
import type { Week } from '../calendar/week.ts';
import type { Instant } from '../instant.ts';

/** The agreed working hours of sales. */
function workingWeek({ working_hours: hours }: AgreementDocument): Week {
  const { days, from, to, zone, holidays } = hours;
  return { days, from, to, zone, holidays: holidays ?? null };
}

/**
 * By when an escalation must be accepted or rejected, and the lead contacted. A lead that replied with
 * a grade below B is as urgent as a B.
 */
export function dueTimes(
  agreement: AgreementDocument,
  grade: Grade,
  at: Instant,
): { acceptDueAt: Instant; contactDueAt: Instant } {
  const week = workingWeek(agreement);
  const row = grade === 'A' ? 'A' : 'B';
  const { accept_within: accept, first_contact_within: contact } = agreement.sales;
  return {
    acceptDueAt: afterWorkingTime(at, accept[row], week),
    contactDueAt: afterWorkingTime(at, contact[row], week),
  };
}
