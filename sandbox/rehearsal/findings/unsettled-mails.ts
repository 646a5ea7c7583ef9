import { finding, type Rule } from './finding.ts';
import { listed, some } from './wording.ts';

/** Mails of which nobody knows whether they arrived, or that the provider would not take. */
export const unsettledMails: Rule = told => {
  const refused = told.mails.filter(({ state }) => state === 'refused');
  const unknown = told.mails.filter(({ state }) => state === 'unknown' || state === 'dispatching');
  const count = refused.length + unknown.length;
  if (count === 0) return null;
  const parts = [
    ...(unknown.length === 0
      ? []
      : [`of ${some(unknown.length, 'mail')} nobody knows whether the provider took it`]),
    ...(refused.length === 0 ? [] : [`${some(refused.length, 'mail')} the provider refused`]),
  ];
  const [first = '', ...rest] = listed(parts);
  return finding(
    'unsettled mails',
    count,
    `${first.toUpperCase()}${rest.join('')}. None of them is sent again.`,
    [...unknown, ...refused].map(({ lead }) => lead),
  );
};
