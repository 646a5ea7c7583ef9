import type { Rule } from '../finding.ts';

export const looseCap: Rule = {
  id: 'loose-cap',
  severity: 'warning',
  why: "The agreement's cap always holds too, so a looser one changes nothing and promises what is not.",
  mend: 'Write a stricter one, or leave it out.',
  example: { wrong: 'cap: 5 mails a week (agreed: 2)', right: 'cap: 1 mail a week' },
  check: ({ document: { cap }, agreed, file, placeOf }) => {
    if (cap === undefined || agreed === null) return [];
    const { cap: theirs } = agreed;
    // Looser in every stretch of time: as many in no longer a time, or more.
    const isLoose = cap.mails >= theirs.mails && cap.days <= theirs.days;
    if (!isLoose) return [];
    const message = `the agreement allows ${theirs.mails} mails in ${theirs.days} days, and that holds; write a stricter cap, or leave it out.`;
    return [{ file, ...placeOf(['cap']), message }];
  },
};
