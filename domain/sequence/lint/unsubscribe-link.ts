import { beginning } from '../../document/place.ts';
import type { Rule } from './finding.ts';

export const unsubscribeLink: Rule = {
  id: 'unsubscribe-link',
  severity: 'error',
  why: 'Every mail must show how to leave (CAN-SPAM; the rules of Gmail and Yahoo).',
  check: ({ mails }) =>
    mails
      .filter(({ html, text }) => html !== null && !(shows(html) && shows(text ?? '')))
      .map(({ file }) => ({
        file,
        ...beginning,
        message: 'shows no link to {{ links.unsubscribe }}; include ../../brand/footer.mjml.',
      })),
};

function shows(part: string): boolean {
  return /\{\{\s*links\.unsubscribe\s*\}\}/.test(part);
}
