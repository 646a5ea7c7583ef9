import { DateTime } from 'luxon';
import type { Instant } from '../instant.ts';
import type { AnswerKind } from './life.ts';

/**
 * What was said of a lead, as the end of a sentence that begins with who said it.
 * @param lead what it is called there, such as `it`
 */
export function saidOf(kind: AnswerKind, lead: string): string {
  switch (kind) {
    case 'feedback':
      return 'gave feedback';
    case 'closed':
      return `closed ${lead} unworked`;
    default:
      return `${kind} ${lead}`;
  }
}

/** Something that was said of a lead when it was with sales before. */
export interface SaidBefore {
  kind: AnswerKind;
  reason: string | null;
  note: string | null;
  /** When the lead asked to be called again. */
  wakeAt: Instant | null;
  at: Instant;
  /** Who said it. */
  person: string;
}

/** `Lena Vogt rejected it on 4 March: not now, “call in May”. To be called again on 4 May.` */
export function tellSaidBefore(said: SaidBefore, at: Instant, zone: string): string {
  const { kind, reason, note, wakeAt, person } = said;
  const why = [reason, note === null ? null : `“${note}”`].filter(Boolean).join(', ');
  const when = dayInWords(said.at, at, zone);
  const again = wakeAt === null ? '' : ` To be called again on ${dayInWords(wakeAt, at, zone)}.`;
  return `${person} ${saidOf(kind, 'it')} on ${when}${why === '' ? '' : `: ${why}`}.${again}`;
}

/** `4 March`; with the year when that is another than now. */
function dayInWords(moment: Instant, at: Instant, zone: string): string {
  const day = DateTime.fromMillis(moment, { zone });
  const isThisYear = day.hasSame(DateTime.fromMillis(at, { zone }), 'year');
  return day.toFormat(isThisYear ? 'd LLLL' : 'd LLLL yyyy');
}
