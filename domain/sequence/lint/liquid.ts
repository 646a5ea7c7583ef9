import { findingIn, type Rule } from './finding.ts';

export const liquid: Rule = {
  id: 'liquid',
  severity: 'error',
  why: 'A mail whose Liquid cannot be read cannot be made for anybody.',
  check: sequence =>
    sequence.mails.flatMap(mail =>
      mail.liquid.map(problem => findingIn(sequence, mail, problem, problem.message)),
    ),
};
