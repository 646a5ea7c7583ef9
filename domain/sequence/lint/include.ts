import type { Rule } from './finding.ts';

export const include: Rule = {
  id: 'include',
  severity: 'error',
  why: 'MJML leaves out an include that leads nowhere, and its content is missing from the mail.',
  check: ({ mails }) =>
    mails.flatMap(({ file, includes }) => includes.map(problem => ({ file, ...problem }))),
};
