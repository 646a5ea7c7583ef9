import { wishInWords, type Wish } from '../event/event.ts';
import type { Instant } from '../instant.ts';

/** What a lead is in at a moment. */
export interface Whereabouts {
  enrollment: {
    sequence: string;
    version: number;
    wakeAt: Instant | null;
    paused: boolean;
    blocked: string | null;
  } | null;
  escalation: { owner: string; state: string } | null;
  /** Why it is never mailed. */
  suppressed: string | null;
  /** Why it is never worked. */
  disqualified: string | null;
  /** What it said last of staying in touch. */
  wish: { wish: Wish } | null;
}

/**
 * Where a lead is and what is planned for it, as a sentence.
 * @param mail the mail that comes next, and when
 * @param moment writes a moment down
 */
export function tellWhereabouts(
  { enrollment, escalation, suppressed, disqualified, wish }: Whereabouts,
  mail: { name: string; at: Instant } | null,
  moment: (at: Instant) => string,
): string {
  if (escalation !== null) return `With sales: ${escalation.owner} (${escalation.state}).`;
  if (suppressed !== null) return `Is never mailed: ${suppressed}.`;
  if (enrollment === null) {
    const isQuiet = wish?.wish === 'quiet';
    const why = disqualified ?? (isQuiet ? wishInWords.quiet : null);
    return why === null ? 'At rest.' : `At rest: ${why}.`;
  }
  const where = `In ${enrollment.sequence} v${enrollment.version}`;
  if (enrollment.blocked !== null) return `${where}, blocked: ${enrollment.blocked}.`;
  if (enrollment.paused) return `${where}, paused.`;
  if (mail !== null) return `${where}; next mail ${mail.name} on ${moment(mail.at)}.`;
  const at = enrollment.wakeAt;
  return at === null ? `${where}; nothing is due.` : `${where}; looks again on ${moment(at)}.`;
}
