import { suggestion } from '../domain/document/nearest.ts';
import { normalizeAddress, type Address } from '../domain/lead/address.ts';
import { noFields } from '../domain/lead/fields.ts';
import { edgeCases, type EdgeCase } from '../mail/edge-cases.ts';
import type { SequenceDraft } from '../mail/sequence-folder.ts';
import type { Session } from '../store/database.ts';
import { mailLead } from '../store/mail-lead.ts';

/** What was asked for by name is not there. */
class NotThereError extends Error {
  override readonly name = 'NotThereError';
}

/** Whom a mail may be looked at as, for the help of commands. */
export const leadOption = [
  '--lead <key|address>',
  `as which lead: ${edgeCases(noFields)
    .map(({ key }) => key)
    .join(', ')}; or a real one, by its address`,
] as const;

/** A mail of a sequence by its name. @throws NotThereError */
export function chosenMail({ name, content }: SequenceDraft, mail: string): string {
  const known = Object.keys(content.mails);
  if (known.includes(mail)) return mail;
  throw new NotThereError(`${name} has no mail "${mail}".${suggestion(mail, known)}`);
}

/** Whether a real lead is asked for, whom only the database knows. */
export function isRealLead(lead: string): boolean {
  return lead.includes('@');
}

/** One of the leads that are made up. @throws NotThereError */
export function chosenCase({ sample }: SequenceDraft, key: string): EdgeCase {
  const cases = edgeCases(sample ?? noFields);
  const found = cases.find(one => one.key === key);
  if (found !== undefined) return found;
  const known = cases.map(one => one.key);
  throw new NotThereError(
    `There is no example lead "${key}".${suggestion(key, known)} A real lead is named by its address.`,
  );
}

/** A real lead by its address, or one that is made up by its key. @throws NotThereError */
export async function chosenLead(
  session: Session,
  draft: SequenceDraft,
  text: string,
): Promise<EdgeCase> {
  if (!isRealLead(text)) return chosenCase(draft, text);
  const address = givenAddress(text);
  const lead = await mailLead(session, { address });
  if (lead === null) throw new NotThereError(`No lead has the address ${address}.`);
  // Its files are named by the key, and file names are no place for addresses.
  return { key: 'lead', title: address, fields: lead.fields, rep: lead.rep };
}

/** @throws NotThereError for what is no address */
export function givenAddress(text: string): Address {
  const given = normalizeAddress(text);
  if ('address' in given) return given.address;
  throw new NotThereError(`"${text}" is no address: ${given.reason}.`);
}
