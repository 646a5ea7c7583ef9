import type { LeadFields } from '../lead/fields.ts';
import { leadName, tamed } from '../lead/name.ts';
import { isOpenState, type EscalationStatus, type OpenState } from './life.ts';

type Named = Pick<LeadFields, 'firstName' | 'lastName'>;

/** What a lead joins that crossed while another of its account was with sales. */
export interface Joining {
  /** The other lead. */
  lead: Named;
  /** Where that one stands now. */
  state: EscalationStatus;
  /** Who of sales has it, or had it last. */
  rep: string;
  /** Whether that is who has the lead that joins, too. */
  isTheirs: boolean;
  /** What the account is called. */
  account: string;
  /** How many leads of the account they have now, with the one that joins. */
  count: number;
}

const stands: Readonly<Record<OpenState, string>> = {
  queued: 'who waits for a rep',
  assigned: 'who waits for an answer',
  accepted: 'who is accepted',
  contacted: 'who is contacted',
  qualified: 'who is qualified',
};

/**
 * Tells the rep of a lead that it joins another: `Second lead of Analytical Engines with you: Grace Hopper joins Ada
 * Lovelace, who is contacted.`
 */
export function tellJoining(lead: Named, joining: Joining): string {
  const { state, rep } = joining;
  const account = tamed(joining.account);
  const [who, whom] = [leadName(lead) ?? 'this lead', leadName(joining.lead) ?? 'another'];
  if (!isOpenState(state))
    return `${sentence(who)} came while ${whom} of ${account} was with ${rep}; that has ended: ${state}.`;
  return hasBoth(joining)
    ? `${sentence(ordinal(joining))} lead of ${account} with you: ${who} joins ${whom}, ${stands[state]}.`
    : `${rep} has a lead of ${account} already: ${who} joins ${whom}, ${stands[state]}.`;
}

/** The same for a subject, after the grade: `Grace Hopper joins Ada Lovelace, second of Analytical Engines with you`. */
export function joiningInASubject(lead: Named, joining: Joining): string {
  const [who, whom] = [leadName(lead) ?? 'A lead', leadName(joining.lead) ?? 'another'];
  const account = tamed(joining.account);
  return hasBoth(joining)
    ? `${who} joins ${whom}, ${ordinal(joining)} of ${account} with you`
    : `${who} joins ${whom} of ${account}, with ${joining.rep}`;
}

/** Whether the rep works both at the moment. */
export function hasBoth({ isTheirs, state }: Joining): boolean {
  return isTheirs && isOpenState(state);
}

function ordinal({ count }: Joining): string {
  return ['second', 'third', 'fourth', 'fifth'][count - 2] ?? 'another';
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
