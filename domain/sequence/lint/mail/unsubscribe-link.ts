import { findingOf, type Rule } from '../finding.ts';

export const unsubscribeLink: Rule = {
  id: 'unsubscribe-link',
  severity: 'error',
  why: 'Every mail must show how to leave (CAN-SPAM; the rules of Gmail and Yahoo).',
  mend: 'Include ../../brand/footer.mjml, or link to {{ links.unsubscribe }} yourself.',
  example: {
    wrong: '(no way to leave)',
    right: '<a href="{{ links.unsubscribe }}" clicktracking="off">Unsubscribe</a>',
  },
  check: ({ mails }) =>
    mails
      .filter(({ html, text }) => html !== null && !(shows(html) && shows(text ?? '')))
      .map(mail =>
        findingOf(
          mail,
          'shows no link to {{ links.unsubscribe }}; include ../../brand/footer.mjml.',
        ),
      ),
};

function shows(part: string): boolean {
  return /\{\{-?\s*links\.unsubscribe\s*-?\}\}/.test(part);
}
