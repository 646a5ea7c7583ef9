import type { LeadId } from '../domain/ids.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { Address } from '../domain/lead/address.ts';
import { sql, type Session } from './database.ts';
import { leadByAddress } from './lead.ts';
import { leadFields } from './lead-fields.ts';

/**
 * The name of the rep whom a lead, in a statement in which it is called `l`, is with: the owner of its account, else
 * whoever had its last escalation and still works here; null when it is with nobody. `a` is its account.
 */
export const repOfLead = sql`coalesce(
  (SELECT name FROM person WHERE id = a.owner_id AND active),
  (SELECT p.name FROM escalation x JOIN person p ON p.id = x.owner_id
    WHERE x.lead_id = l.id AND p.active ORDER BY x.created_at DESC, x.id DESC LIMIT 1))`;

/** What mails say of a lead, by its id or any of its addresses; null when there is no such lead. */
export async function mailLead(
  session: Session,
  who: { id: LeadId } | { address: Address },
): Promise<{ id: LeadId; fields: LeadFields; rep: string | null } | null> {
  const id = 'id' in who ? who.id : await leadByAddress(session, who.address);
  const [row] = await session.$queryRaw<{ fields: LeadFields; rep: string | null }[]>(sql`
    SELECT ${leadFields} AS fields, ${repOfLead} AS rep
    FROM lead l LEFT JOIN account a ON a.id = l.account_id WHERE l.id = ${id}::uuid`);
  return id === null || row === undefined ? null : { id, ...row };
}
