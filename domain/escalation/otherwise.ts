import { DateTime } from 'luxon';
import type { AgreementDocument } from '../agreement/schema.ts';
import type { Instant } from '../instant.ts';
import { workingWeek } from './due.ts';
import { isEnd, isOpenState, type AnswerKind, type EscalationStatus } from './life.ts';

/** What is looked at to say what happens next. */
export interface Unanswered {
  state: EscalationStatus;
  acceptDueAt: Instant;
  contactDueAt: Instant;
  feedbackDueAt: Instant | null;
  owner: { country: string | null };
  dispositions: readonly { kind: AnswerKind }[];
}

/** What happens to an escalation if nobody does anything, in a sentence; empty when nothing does. */
export function otherwiseOf(
  { state, acceptDueAt, contactDueAt, feedbackDueAt, owner, dispositions }: Unanswered,
  agreement: AgreementDocument,
  at: Instant,
): string {
  if (!isOpenState(state) || dispositions.some(({ kind }) => isEnd(kind))) return '';
  const { zone } = workingWeek(agreement, owner.country);
  const when = (due: Instant) =>
    `${due <= at ? 'since' : 'after'} ${DateTime.fromMillis(due, { zone }).toFormat('ccc d LLL, HH:mm')}`;
  switch (state) {
    case 'queued':
      return 'If you do nothing: it goes to the first rep who has room.';
    case 'assigned':
      return `If you do nothing: it goes to another rep ${when(acceptDueAt)}, and your manager is told.`;
    case 'accepted':
      return `If you do nothing: your manager is told ${when(contactDueAt)} that nobody has contacted it.`;
    case 'contacted':
      return feedbackDueAt === null || dispositions.at(-1)?.kind === 'feedback'
        ? 'If you do nothing: it stays yours.'
        : `If you do nothing: you are asked how it goes ${when(feedbackDueAt)}, and a working day later your manager is.`;
    case 'qualified':
      return 'If you do nothing: it stays yours until it is won or lost.';
    default:
      return state satisfies never;
  }
}
