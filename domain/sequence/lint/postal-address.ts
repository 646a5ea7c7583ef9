import { beginning } from '../../document/place.ts';
import type { Rule } from './finding.ts';

export const postalAddress: Rule = {
  id: 'postal-address',
  severity: 'error',
  why: "Every mail must show the sender's postal address (CAN-SPAM).",
  check: ({ mails }) =>
    mails
      .filter(({ html }) => html !== null && !/\{\{\s*brand\.postal_address\s*\}\}/.test(html))
      .map(({ file }) => ({
        file,
        ...beginning,
        message: 'does not show {{ brand.postal_address }}; include ../../brand/footer.mjml.',
      })),
};
