import type { Rule } from '../finding.ts';

export const mjmlComplaint: Rule = {
  id: 'mjml-complaint',
  severity: 'error',
  why: 'What MJML does not understand is lost without a word.',
  mend: 'Write elements and attributes as https://documentation.mjml.io names them.',
  example: { wrong: '<mj-buton>Read</mj-buton>', right: '<mj-button>Read</mj-button>' },
  check: ({ mails }) =>
    mails.flatMap(({ file, complaints }) => complaints.map(complaint => ({ file, ...complaint }))),
};
