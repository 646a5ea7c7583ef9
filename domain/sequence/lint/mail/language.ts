import { findingOf, findingAt, type Rule } from '../finding.ts';

export const language: Rule = {
  id: 'language',
  severity: 'warning',
  why: 'Who has a mail read out hears it in the voice of its language, if it says which.',
  mend: 'Write <mjml lang="en">, or what it is.',
  example: { wrong: '<mjml>', right: '<mjml lang="en">' },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const root = mail.elements.find(({ name }) => name === 'mjml');
      const message = 'the mail does not say its language; write <mjml lang="en">, or what it is.';
      if (
        mail.html === null ||
        /^[a-z]{2,3}(-\w+)*$/i.test(root?.attributes.get('lang')?.value ?? '')
      )
        return [];
      return [
        root === undefined ? findingOf(mail, message) : findingAt(root.source, root.start, message),
      ];
    }),
};
