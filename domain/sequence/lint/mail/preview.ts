import { findingOf, type Rule } from '../finding.ts';

export const preview: Rule = {
  id: 'preview',
  severity: 'error',
  why: 'Without it inboxes show the first words of the mail beside the subject, and not the preheader.',
  mend: 'Write <mj-preview>{{ mail.preheader }}</mj-preview> in the mj-head.',
  example: {
    wrong: '<mj-head>…</mj-head>',
    right: '<mj-head>… <mj-preview>{{ mail.preheader }}</mj-preview></mj-head>',
  },
  fix: 'puts it at the end of the mj-head',
  check: ({ mails }) =>
    mails
      .filter(({ html }) => html !== null && !/\{\{-?\s*mail\.preheader\b/.test(html))
      .map(mail => {
        const found = findingOf(
          mail,
          'does not show its preheader; write <mj-preview>{{ mail.preheader }}</mj-preview> in the mj-head.',
        );
        const head = mail.source.indexOf('</mj-head>');
        if (head < 0 || mail.elements.some(({ name }) => name === 'mj-preview')) return found;
        const line = mail.source.slice(mail.source.lastIndexOf('\n', head) + 1, head);
        const indent = /^\s*$/.test(line) ? line : '';
        const text = `${indent === '' ? '' : '  '}<mj-preview>{{ mail.preheader }}</mj-preview>${indent === '' ? '' : `\n${indent}`}`;
        return { ...found, edits: [{ file: mail.file, start: head, end: head, text }] };
      }),
};
