/** Where an escalation stands. Queued: nobody has room, and the catch-all owner keeps it until somebody has. */
export const openStates = ['queued', 'assigned', 'accepted', 'contacted', 'qualified'] as const;
export const endStates = ['rejected', 'won', 'lost', 'closed'] as const;
/** Merged: the lead was the same person as another, who is with a rep already. */
export type EscalationStatus = OpenState | EndState | 'merged';

export type OpenState = (typeof openStates)[number];
export type EndState = (typeof endStates)[number];

/** What sales says of a lead that it was given; `closed` is a manager's, for one that nobody worked. */
export const answerKinds = [
  'accepted',
  'contacted',
  'feedback',
  'qualified',
  'rejected',
  'won',
  'lost',
  'closed',
] as const;
export type AnswerKind = (typeof answerKinds)[number];

/**
 * What may be said in each state, and what becomes of it. What lies before is taken for said as well: who has
 * contacted a lead has accepted it. Feedback says how it goes, and leaves it where it is.
 */
const life: Readonly<Record<OpenState, Partial<Readonly<Record<AnswerKind, EscalationStatus>>>>> = {
  queued: { accepted: 'accepted', contacted: 'contacted', rejected: 'rejected', closed: 'closed' },
  assigned: {
    accepted: 'accepted',
    contacted: 'contacted',
    qualified: 'qualified',
    rejected: 'rejected',
    closed: 'closed',
  },
  accepted: {
    contacted: 'contacted',
    qualified: 'qualified',
    rejected: 'rejected',
    lost: 'lost',
    closed: 'closed',
  },
  contacted: {
    feedback: 'contacted',
    qualified: 'qualified',
    rejected: 'rejected',
    won: 'won',
    lost: 'lost',
    closed: 'closed',
  },
  qualified: {
    feedback: 'qualified',
    rejected: 'rejected',
    won: 'won',
    lost: 'lost',
    closed: 'closed',
  },
};

/** What an escalation becomes when something is said of it; null when that cannot be said in its state. */
export function stateAfter(state: EscalationStatus, said: AnswerKind): EscalationStatus | null {
  return isOpenState(state) ? (life[state][said] ?? null) : null;
}

/** What may be said in a state, in the order in which it usually is. */
export function answersIn(state: EscalationStatus): AnswerKind[] {
  return answerKinds.filter(kind => stateAfter(state, kind) !== null);
}

export function isOpenState(state: EscalationStatus): state is OpenState {
  return (openStates as readonly string[]).includes(state);
}

/** Whether saying it ends an escalation. */
export function isEnd(said: string): said is EndState {
  return (endStates as readonly string[]).includes(said);
}

/** Whether an escalation has ended, or what ends it was said and is about to be done. */
export function hasEnded({
  state,
  dispositions,
}: {
  state: EscalationStatus;
  dispositions: readonly { kind: string }[];
}): boolean {
  return !isOpenState(state) || dispositions.some(({ kind }) => isEnd(kind));
}
