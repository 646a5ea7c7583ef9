import { day } from '../../instant.ts';
import type { Forecast } from '../forecast.ts';

/** What a reader must know before relying on a forecast. */
export function notesOf(
  forecast: Omit<Forecast, 'notes'>,
  longestWindow: number,
  sampled: number,
): string[] {
  const { from, to, leads, withoutEvents, timeline, escalations, capacity, rules } = forecast;
  const notes: string[] = [];
  const days = Math.round((to - from) / day);
  const window = Math.round(longestWindow / day);
  if (rules.length === 0)
    notes.push('The draft grades by the same rules as the active version: nothing can differ.');
  if (to - from < longestWindow)
    notes.push(
      `The period is ${days} ${days === 1 ? 'day' : 'days'}, the longest window ${window} days: points that take longer to gather are not seen.`,
    );
  if (withoutEvents > 0)
    notes.push(
      `${count(withoutEvents)} of ${count(leads)} leads did nothing that counts; their grades come from their fit alone.`,
    );
  if (timeline === 'happened')
    notes.push(
      'Most of what happened was brought in afterwards. It is taken as if it had been known at once.',
    );
  notes.push(
    'Fields and accounts are taken as they are today, because what they were before is not kept.',
    'Leads did what they did under the mails that they were sent. A lead that the draft hands over earlier would have been mailed less, one that it keeps longer more; neither is guessed.',
    'How long a lead is with sales is taken from what really happened; one that sales never had stays there, and is counted once.',
    ...whatIsKnown(forecast),
  );
  if (escalations.real.total !== escalations.active.total)
    notes.push(
      `The active version, replayed, hands over ${count(escalations.active.total)}; in fact it was ${count(escalations.real.total)}. Versions before it, changed fields and leads that ops stopped are the usual reasons.`,
    );
  if (capacity === null)
    notes.push('At least one rep has no capacity, so nothing can be too much.');
  if (sampled < leads)
    notes.push(
      `The threshold and the effect of each rule come from every ${count(Math.round(leads / sampled))}th lead, ${count(sampled)} of them; all else from every lead.`,
    );
  return notes;
}

function whatIsKnown({ outcomes: { wanted, unwanted, handedOver } }: Omit<Forecast, 'notes'>) {
  if (wanted.leads + unwanted.leads === 0)
    return ['Nothing is known yet of what came of leads, so nothing is said of caught and missed.'];
  const notes = [
    'What came of a lead is known mostly where sales had it, and so of leads that the versions of then handed over: the active one looks complete because of that, and whom only the draft hands over is pending.',
  ];
  if (handedOver.draft.pending > handedOver.draft.wanted + handedOver.draft.unwanted)
    notes.push('Of most leads that the draft hands over nothing is known: read its share with care.');
  return notes;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
