/** Why a lead goes to sales. */
export type Cause =
  | 'crossing'
  | 'hand raise'
  | 'reply'
  | 'booking'
  | 'new agreement'
  /** Somebody of sales took it, whatever its grade: marketing did not hand it over. */
  | 'taken over';

/** The cause as the beginning of a sentence that goes on with the grade. */
export const causeInWords: Readonly<Record<Cause, string>> = {
  crossing: 'Crossed the line that both teams agreed on:',
  'hand raise': 'Asked for sales:',
  reply: 'Replied to a mail:',
  booking: 'Booked a meeting:',
  'new agreement': 'Is over the line of the new agreement:',
  'taken over': 'Taken over by sales itself:',
};

/** Whether it was the lead who asked for sales, whatever its grade. */
export function asksForSales(cause: Cause): boolean {
  return cause === 'reply' || cause === 'booking' || cause === 'hand raise';
}
