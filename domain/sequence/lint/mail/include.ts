import type { Rule } from '../finding.ts';

export const include: Rule = {
  id: 'include',
  severity: 'error',
  why: 'MJML leaves out an include that leads nowhere, and its content is missing from the mail.',
  mend: 'Name a file in templates/, as seen from the mail; what mails share is in templates/brand/.',
  example: {
    wrong: '<mj-include path="footer.mjml" />',
    right: '<mj-include path="../../brand/footer.mjml" />',
  },
  check: ({ mails }) =>
    mails.flatMap(({ file, includes }) => includes.map(problem => ({ file, ...problem }))),
};
