import { validate } from 'uuid';
import type { EnrollmentId, EscalationId, LeadId } from '../domain/ids.ts';
import { normalizeAddress, type Address } from '../domain/lead/address.ts';
import { realClock } from '../engine/clock.ts';
import type { Moved } from '../store/merge.ts';
import { openWork } from '../store/slot.ts';
import type { Opened } from './open.ts';
import type { Terminal } from './terminal.ts';

/** Leads are not merged, or a merge is not undone. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}

/** @throws MergeError for what is no address */
export function readAddress(text: string): Address {
  const given = normalizeAddress(text);
  if ('reason' in given) throw new MergeError(`"${text}" is no address: ${given.reason}.`);
  return given.address;
}

/** A lead as it is named on the command line. @throws MergeError for neither an address nor an id */
export function readLead(text: string): { id: LeadId } | { address: Address } {
  if (validate(text)) return { id: text as LeadId };
  const given = normalizeAddress(text);
  if ('address' in given) return given;
  throw new MergeError(`"${text}" is neither an address nor an id of a lead: ${given.reason}.`);
}

/** What goes from one lead to another. */
export function sayMoved(terminal: Terminal, moved: Moved): void {
  terminal.table(
    ['what', 'how many'],
    Object.entries(moved).map(([what, count]) => [what, String(count)]),
  );
}

/** Tells the workflows of what has ended, and of leads, to look; one that is not there is started. */
export async function haveLooked(
  { database, engine }: Opened,
  leads: readonly LeadId[],
  ended: { enrollment: EnrollmentId | null; escalation: EscalationId | null },
): Promise<void> {
  if (ended.enrollment !== null) await engine.tell(`nurture/${ended.enrollment}`);
  if (ended.escalation !== null) await engine.tell(`escalation/${ended.escalation}`);
  for (const work of await openWork(database, leads))
    await engine.nudge(work, { shift: realClock.shift(), again: true });
}
