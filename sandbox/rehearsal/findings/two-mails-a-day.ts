import { countsAsMailed } from '../../../domain/nurture/facts.ts';
import { byLead } from '../counts.ts';
import { dateOf } from '../days.ts';
import { fault, type Rule } from './finding.ts';
import { some } from './wording.ts';

/** Leads that got more than one mail on one day of the agreement's calendar. */
export const twoMailsADay: Rule = ({ mails }, { zone }) => {
  const perLead = byLead(mails.filter(({ state }) => countsAsMailed(state)));
  const crowded = [...perLead]
    .map(([lead, got]) => ({ lead, most: busiestDay(got.map(({ at }) => dateOf(at, zone))) }))
    .filter(({ most }) => most > 1)
    .toSorted((a, b) => b.most - a.most);
  const [worst] = crowded;
  if (worst === undefined) return null;
  return fault(
    'two mails a day',
    crowded.length,
    `${some(crowded.length, 'lead')} got more than one mail on one day; the most was ${worst.most} mails to ${worst.lead}.`,
    crowded.map(({ lead }) => lead),
  );
};

function busiestDay(dates: readonly string[]): number {
  return Math.max(...dates.map(date => dates.filter(other => other === date).length));
}
