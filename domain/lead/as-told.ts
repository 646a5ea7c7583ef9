import type { LeadId } from '../ids.ts';

/** What other systems are told of a lead. */
export interface KnownLead {
  id: LeadId;
  /** Null once the person was erased, like the names. */
  address: string | null;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
}

/** The same by the names that the API and webhooks have for it. */
export function leadAsTold({ id, address, firstName, lastName, company }: KnownLead) {
  return { id, email: address, first_name: firstName, last_name: lastName, company };
}
