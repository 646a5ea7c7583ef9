import { leadAsTold } from '../domain/lead/as-told.ts';
import type { HookFacts } from '../store/hook.ts';

/**
 * What a receiver is told: the transition, and the escalation as it is when it is told. Its names are those of the API.
 * @param page where a person can look at the lead
 */
export function payloadOf(
  { kind, at, escalation, lead, owner, joins, disposition }: HookFacts,
  page: string,
): object {
  return {
    type: kind,
    timestamp: new Date(at).toISOString(),
    data: {
      escalation: escalation.id,
      state: escalation.state,
      grade: escalation.grade,
      cause: escalation.cause,
      lead: leadAsTold(lead),
      owner,
      joins: joins && {
        escalation: joins.escalation,
        state: joins.state,
        lead: {
          id: joins.lead.id,
          first_name: joins.lead.firstName,
          last_name: joins.lead.lastName,
        },
        owner: joins.owner,
      },
      disposition: disposition && {
        kind: disposition.kind,
        reason: disposition.reason,
        note: disposition.note,
      },
      // In the currency's minor unit, such as cents.
      amount: disposition?.money?.minor ?? null,
      currency: disposition?.money?.currency ?? null,
      page,
    },
  };
}
