import { day, instant } from '../../../domain/instant.ts';
import { countsAsMailed } from '../../../domain/nurture/facts.ts';
import { byLead } from '../counts.ts';
import { fault, type Rule } from './finding.ts';
import { some, tallied } from './wording.ts';

const longDays = 30;

/** Leads that stayed in nurture for thirty days without a mail. */
export const silence: Rule = ({ mails, enrollments }, { from, to }) => {
  const mailed = byLead(mails.filter(({ state }) => countsAsMailed(state)));
  const silences = enrollments
    .map(({ lead, at, endedAt, sequence }) => {
      const begin = Math.max(at, from);
      const end = Math.min(endedAt ?? to, to);
      const between = (mailed.get(lead) ?? [])
        .map(mail => mail.at)
        .filter(moment => moment > begin && moment < end);
      return { lead, sequence, days: longestGap([begin, ...between, end]) / day };
    })
    .filter(({ days }) => days >= longDays)
    .toSorted((a, b) => b.days - a.days);
  const [longest] = silences;
  if (longest === undefined) return null;
  const leads = new Set(silences.map(({ lead }) => lead)).size;
  return fault(
    'silence',
    leads,
    `${some(leads, 'lead')} in nurture got nothing for ${longDays} days or longer; the longest silence was ${Math.floor(longest.days)} days in ${longest.sequence}. By sequence: ${tallied(silences.map(({ sequence }) => sequence))}.`,
    silences.map(({ lead }) => lead),
  );
};

function longestGap(moments: readonly number[]): number {
  return Math.max(
    ...moments.slice(1).map((moment, index) => moment - (moments[index] ?? instant(moment))),
  );
}
