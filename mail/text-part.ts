import { convert } from 'html-to-text';

/** The text part of a mail's HTML. Liquid in it is kept, for personalizing. */
export function textPart(html: string): string {
  const text = convert(html, {
    // Lines are not broken here: a field may be longer or shorter than its name.
    wordwrap: false,
    selectors: [
      // The preheader and the honeypot are hidden in the HTML, and would be the first and last lines here.
      { selector: 'div[style*="display:none"]', format: 'skip' },
      { selector: 'a.hp', format: 'skip' },
      { selector: 'img', format: 'skip' },
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: false } },
      { selector: 'h3', options: { uppercase: false } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
      // Layout tables are marked as such by MJML; the others hold data, whose cells must not run together.
      { selector: 'table[role="presentation"]', format: 'block' },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  });
  return text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
