import { stageName } from '../../domain/agreement/stages.ts';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { AccountLead } from '../../store/account-sheet.ts';

/**
 * The other leads of a lead's account, the best first; nothing when there are none. They are not linked: a page would
 * lead on to others without end, and each link lasts for days.
 * @param agreed what both teams call the stages
 */
export function AccountLeads(props: {
  leads: readonly AccountLead[];
  agreed: Agreement['stages'];
}): string {
  if (props.leads.length === 0) return '';
  return (
    <>
      <h2>Others of the account</h2>
      <ul class="why">
        {props.leads.map(lead => (
          <li safe>{tellLead(lead, stageName(lead.stage, props.agreed))}</li>
        ))}
      </ul>
    </>
  ) as string;
}

/** `B · Ada Lovelace, Plant Manager: Sales accepted lead, with Lena Vogt` */
function tellLead({ name, title, grade, rep }: AccountLead, stage: string): string {
  const who = [name ?? 'A lead', title].filter(Boolean).join(', ');
  return `${grade ?? '–'} · ${who}: ${stage}${rep === null ? '' : `, with ${rep}`}`;
}
