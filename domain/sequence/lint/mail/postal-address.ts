import { findingOf, type Rule } from '../finding.ts';

export const postalAddress: Rule = {
  id: 'postal-address',
  severity: 'error',
  why: "Every mail must show the sender's postal address (CAN-SPAM).",
  mend: 'Include ../../brand/footer.mjml, or write {{ brand.postal_address }} yourself.',
  example: { wrong: '(no address)', right: '<mj-text>{{ brand.postal_address }}</mj-text>' },
  check: ({ mails }) =>
    mails
      .filter(({ html }) => html !== null && !/\{\{-?\s*brand\.postal_address\s*-?\}\}/.test(html))
      .map(mail =>
        findingOf(
          mail,
          'does not show {{ brand.postal_address }}; include ../../brand/footer.mjml.',
        ),
      ),
};
