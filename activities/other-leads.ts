import type { Agreement } from '../domain/agreement/agreement.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { normalizeAddress } from '../domain/lead/address.ts';
import { noFields } from '../domain/lead/fields.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { shiftTo } from '../engine/clock.ts';
import type { EscalationState } from '../store/escalation.ts';
import { bringIn } from '../store/intake.ts';
import { leadByAddress, openSource } from '../store/lead.ts';
import { mergeLeads } from '../store/merge.ts';
import { openWork } from '../store/slot.ts';
import type { Context } from './context.ts';

/** The lead becomes the one whose duplicate it is, when the rep said so. Twice does no harm. */
export async function mergeDuplicate(
  context: Context,
  { leadId, owner, dispositions }: EscalationState,
  agreement: Agreement,
  shift: number,
  at: Instant,
): Promise<void> {
  const { database, engine } = context;
  const said = dispositions.find(
    ({ reason }) => reason !== null && agreement.rejections[reason]?.asks === 'duplicate',
  );
  const address = said?.about == null ? null : normalizeAddress(said.about);
  if (address === null || !('address' in address)) return;
  const survivor = await leadByAddress(database, address.address);
  if (survivor === null || survivor === leadId) return;
  const request = { survivor, merged: leadId, who: owner.id, way: 'page' } as const;
  const merged = await mergeLeads(database, request, at);
  if ('refused' in merged) return;
  const { enrollment, escalation } = merged.ends;
  if (enrollment !== null) await engine.tell(`nurture/${enrollment}`);
  if (escalation !== null) await engine.tell(`escalation/${escalation}`);
  await nudgeAll(context, [merged.survivor], shift, at);
}

/** The right person, as the rep named them, becomes a lead of their own. */
export async function bringColleagueIn(
  context: Context,
  about: string,
  shift: number,
  at: Instant,
): Promise<void> {
  const { database, log } = context;
  const result = normalizeAddress(about);
  if (!('address' in result)) return log.warn('the address of a colleague cannot be one');
  const row: LeadRow = {
    address: result.address,
    fields: noFields,
    consent: null,
    optedOut: false,
    accountStatus: null,
    conversions: [],
  };
  const { leads, toNudge } = await database.transaction(async session =>
    bringIn(session, [row], await openSource(session, 'referral', null, at), at),
  );
  const changed = leads.flatMap(({ id, effect }) => (effect === 'unchanged' ? [] : [id]));
  await nudgeAll(context, [...changed, ...toNudge], shift, at);
}

/** Has the workflows of leads look, also of those that have none yet. */
export async function nudgeAll(
  { database, engine }: Context,
  leads: readonly LeadId[],
  shift: number,
  at: Instant,
): Promise<void> {
  for (const work of await openWork(database, leads))
    await engine.nudge(work, { shift: shiftTo(at, shift), again: true });
}
