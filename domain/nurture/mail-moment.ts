import type { Agreement } from '../agreement/agreement.ts';
import { capAllows, type Cap } from '../calendar/cap.ts';
import { caughtUp, sendMoment, spreadOf, type SendWindow } from '../calendar/send-window.ts';
import { minute, plus, second, type Instant } from '../instant.ts';
import { zoneOfCountry } from '../lead/zone.ts';
import type { WindowRule } from '../sequence/schema.ts';
import { countsAsMailed, type EnrollmentFacts, type Facts } from './facts.ts';
import { sendOf } from './walk.ts';

/** A call that has taken longer than this was cut off: its outcome is not known and never will be. */
export const callLostAfterMs = 15 * second;
/** While the provider refuses the key, or ops hold all mail, it is tried again this often. */
export const retryHeldMailMs = 15 * minute;

/** When a mail goes out. `due` differs from what was due before when the mail is late and was put off. */
export function planMail(
  facts: Facts & { enrollment: EnrollmentFacts },
  agreement: Agreement,
  sequence: string,
  mail: string,
  dueAt: Instant,
  window: SendWindow,
  ownCap: Cap | null,
  at: Instant,
): { due: Instant; planned: Instant } {
  const call = sendOf(facts, sequence, mail);
  if (call?.callAgeMs !== null && call?.callAgeMs !== undefined) {
    // Another attempt is on its way, or was cut off: look again when that is known.
    return { due: dueAt, planned: plus(at, Math.max(0, callLostAfterMs - call.callAgeMs)) };
  }
  const spread = spreadOf(`${facts.lead.spread}/${mail}`);
  if (facts.mailOff) {
    return {
      due: dueAt,
      planned: plus(at, retryHeldMailMs + Math.floor(spread * retryHeldMailMs)),
    };
  }
  const mailed = facts.sends.filter(({ state }) => countsAsMailed(state)).map(send => send.at);
  const from = Math.max(dueAt, at) as Instant;
  const caps = [agreement.nurture.cap, ...(ownCap === null ? [] : [ownCap])];
  const allowed = Math.max(...caps.map(cap => capAllows(mailed, cap, from))) as Instant;
  const planned = sendMoment(
    Math.max(dueAt, allowed > at ? allowed : dueAt) as Instant,
    window,
    spread,
  );
  const later = caughtUp(planned, at, window, spread);
  return later === null ? { due: dueAt, planned } : { due: later, planned: later };
}

/** The lead's time zone: as given, else its country's, else the agreement's. */
export function zoneOf({ lead: { fields } }: Facts, agreement: Agreement): string {
  const ofCountry = fields.country === null ? null : zoneOfCountry(fields.country);
  return fields.zone ?? ofCountry ?? agreement.working_hours.zone;
}

export function windowOf(
  own: WindowRule | null,
  { lead }: Facts,
  agreement: Agreement,
  zone: string,
): SendWindow {
  const rule = own ?? agreement.nurture.window;
  if (rule === 'always') return 'always';
  return {
    days: rule.days,
    from: rule.from,
    to: rule.to,
    zone: rule.zone === 'of the lead' ? zone : rule.zone,
    holidays: rule.holidays === 'skip' ? (lead.fields.country ?? null) : null,
  };
}
