import { fault, type Rule } from './finding.ts';
import { some } from './wording.ts';

/** Leads that get nothing more until somebody mends a mail. */
export const blockedLeads: Rule = (_told, { blocked }) =>
  blocked.length === 0
    ? null
    : fault(
        'blocked leads',
        blocked.length,
        `${some(blocked.length, 'lead is', 'leads are')} blocked at the end: the next mail cannot be made for them, and waits until somebody mends it.`,
        blocked,
      );
