import { day, hour } from '../../../domain/instant.ts';
import { byLead } from '../counts.ts';
import { figure, type Rule } from './finding.ts';
import { some } from './wording.ts';

/** How long leads take from coming in to their first escalation: no fault, a figure to know. */
export const timeToSales: Rule = ({ leads, escalations }) => {
  const first = byLead(escalations);
  const taken = leads
    .flatMap(({ lead, at }) => {
      const escalated = first.get(lead)?.[0];
      return escalated === undefined ? [] : [{ lead, ms: escalated.at - at }];
    })
    .toSorted((a, b) => a.ms - b.ms);
  if (taken.length === 0) return null;
  const within = (share: number) => {
    // The shortest time within which at least that share is escalated (nearest rank).
    const ms = taken[Math.ceil(share * taken.length) - 1]?.ms ?? 0;
    return ms < hour ? 'an hour' : ms < day ? 'a day' : `${(ms / day).toFixed(1)} days`;
  };
  const atOnce = taken.filter(({ ms }) => ms < day).length;
  return figure(
    'time to sales',
    taken.length,
    `${some(taken.length, 'lead')} came to sales, half of them within ${within(0.5)} of coming in and nine of ten within ${within(0.9)}; ${atOnce} of them on the first day.`,
    taken.toReversed().map(({ lead }) => lead),
  );
};
