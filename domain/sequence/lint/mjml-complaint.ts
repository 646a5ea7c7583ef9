import type { Rule } from './finding.ts';

export const mjmlComplaint: Rule = {
  id: 'mjml-complaint',
  severity: 'error',
  why: 'What MJML does not understand is lost without a word.',
  check: ({ mails }) =>
    mails.flatMap(({ file, complaints }) => complaints.map(complaint => ({ file, ...complaint }))),
};
