import { day } from '../../../domain/instant.ts';
import { byLead } from '../counts.ts';
import { figure, type Rule } from './finding.ts';
import { some } from './wording.ts';

/** How long leads take from coming in to their first escalation: no fault, a figure to know. */
export const timeToSales: Rule = ({ leads, escalations }) => {
  const first = byLead(escalations);
  const taken = leads
    .flatMap(({ lead, at }) => {
      const escalated = first.get(lead)?.[0];
      return escalated === undefined ? [] : [{ lead, days: (escalated.at - at) / day }];
    })
    .toSorted((a, b) => a.days - b.days);
  if (taken.length === 0) return null;
  const within = (share: number) => {
    // The smallest number of days within which at least that share is escalated (nearest rank).
    const days = taken[Math.ceil(share * taken.length) - 1]?.days ?? 0;
    return `${days.toFixed(1)} days`;
  };
  const atOnce = taken.filter(({ days }) => days < 1).length;
  return figure(
    'time to sales',
    taken.length,
    `${some(taken.length, 'lead')} came to sales, half of them within ${within(0.5)} of coming in and nine of ten within ${within(0.9)}; ${atOnce} of them on the first day.`,
    taken.toReversed().map(({ lead }) => lead),
  );
};
