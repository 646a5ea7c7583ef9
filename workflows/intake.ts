import type { ImportId, LeadId } from '../domain/ids.ts';
import { intakePage, intakeTurn } from './activities.ts';
import { goOnAfresh } from './continue.ts';
import { Nudges } from './nudges.ts';
import { shiftOf } from './shift.ts';
import { Shown } from './shown.ts';

export interface IntakeInput {
  lead: LeadId;
}

/** A lead that is in nothing: grade it, then to sales, into a sequence, or let it rest. */
export async function intake({ lead }: IntakeInput): Promise<void> {
  const shift = shiftOf();
  const nudges = new Nudges(shift);
  const shown = new Shown();
  let next = await intakeTurn({ lead, shift });
  while (next.kind === 'wait') {
    shown.show(next);
    await nudges.arriveBefore(next.until, 'a click is held');
    nudges.take();
    next = await intakeTurn({ lead, shift });
  }
  shown.show(next);
}

export interface ImportIntakeInput {
  import: ImportId;
  /** The last row that was taken in. */
  after?: number;
}

/** The leads of an import, page by page; a killed run goes on at its page. */
export async function importIntake({ import: id, after = 0 }: ImportIntakeInput): Promise<void> {
  const page = await intakePage({ import: id, after, shift: shiftOf() });
  if (page.last !== null) await goOnAfresh<typeof importIntake>({ import: id, after: page.last });
}
