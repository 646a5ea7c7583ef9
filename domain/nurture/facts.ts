import type { Bands } from '../agreement/score.ts';
import type { Grade } from '../agreement/grade.ts';
import type { Engagement } from '../event/event.ts';
import type { EnrollmentId, EscalationId, LeadId, SendId, VersionId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { LeadFields } from '../lead/fields.ts';
import type { TaskFacts } from '../task/task.ts';

/** Everything a decision about a lead rests on, as it was at one moment in the database. */
export interface Facts {
  lead: LeadFacts;
  /** The open enrollment; null while there is none. */
  enrollment: EnrollmentFacts | null;
  /** The open escalation; null while there is none. */
  escalation: EscalationId | null;
  /** When the last escalation ended, if there was one. */
  escalationEndedAt: Instant | null;
  /** Within the longest window that a rule looks back. */
  events: readonly Engagement[];
  /** Every mail the lead was ever sent. */
  sends: readonly SendFacts[];
  /** Enrollments that ended, the last one last. */
  past: readonly { sequence: string; endReason: string }[];
  /** The reasons for which sales rejected the lead. */
  rejections: readonly string[];
  /** Whether ops stopped all mail. */
  mailOff: boolean;
}

export interface LeadFacts {
  id: LeadId;
  /** Spreads what falls on one moment for many leads; the same for the same person in every database. */
  spread: string | null;
  fields: LeadFields;
  /** The name of the rep that it is with, for the signature of mails; null when it is with none. */
  rep: string | null;
  /** The key of the source that the lead came from. */
  source: string;
  /** customer, open opportunity or competitor. */
  account: string | null;
  /** Why sales said that this lead is never to be worked. */
  disqualified: string | null;
  /** Whether the address is never mailed. */
  suppressed: boolean;
  /** Whether it said last that it wants to be left alone: no sequence has it until it says otherwise. */
  quiet: boolean;
  revision: number;
  seenRevision: number;
  grade: Grade | null;
  bands: Bands | null;
  /** Whether the next crossing escalates. */
  armed: boolean;
  /** A new agreement alone made it A or B: it waits until reps can take it, then its next turn lets it through. */
  crossing: 'waiting' | 'released' | null;
  scoredAt: Instant | null;
  /** Sales wants no new escalation until then, unless the lead asks for one. */
  holdUntil: Instant | null;
  /** Nor as long as its fit is this, in hundredths. */
  holdFit: number | null;
}

export interface EnrollmentFacts {
  id: EnrollmentId;
  versionId: VersionId;
  segment: string | null;
  cursor: number;
  dueAt: Instant;
  pausedAt: Instant | null;
  remainingMs: number | null;
  blocked: Block | null;
  /** What it had people asked to do; nothing when left out. */
  tasks?: readonly TaskFacts[];
}

/** Why a mail waits for somebody: a code, and a detail without personal data. */
export interface Block {
  code: 'template' | 'provider';
  mail: string;
  detail: string;
}

/** How a mail's sending stands in the ledger. */
export type SendState = 'dispatching' | 'accepted' | 'unknown' | 'refused';

export interface SendFacts {
  id: SendId;
  enrollmentId: EnrollmentId;
  stepKey: string;
  contentKey: string;
  state: SendState;
  at: Instant;
  /** Real milliseconds since the call began, while the answer is not known. */
  callAgeMs: number | null;
}

/** Whether a send counts as mailed: an ambiguous one does, because it is never sent again. */
export function countsAsMailed(state: SendState): boolean {
  return state !== 'refused';
}

/** What makes two mails the same content for a lead, in whichever version or variant. */
export function contentKey(sequence: string, mail: string): string {
  return `${sequence}/${mail}`;
}
