import { fault, type Rule } from './finding.ts';
import { some } from './wording.ts';

/** Mails of which nobody knows whether they arrived, or that the provider would not take. */
export const unsettledMails: Rule = told => {
  const refused = told.mails.filter(({ state }) => state === 'refused');
  const unknown = told.mails.filter(({ state }) => state === 'unknown' || state === 'dispatching');
  const count = refused.length + unknown.length;
  if (count === 0) return null;
  const sentences = [
    ...(unknown.length === 0
      ? []
      : [`Of ${some(unknown.length, 'mail')} nobody knows whether the provider took it.`]),
    ...(refused.length === 0 ? [] : [`The provider refused ${some(refused.length, 'mail')}.`]),
  ];
  return fault(
    'unsettled mails',
    count,
    `${sentences.join(' ')} None of them is sent again.`,
    [...unknown, ...refused].map(({ lead }) => lead),
  );
};
