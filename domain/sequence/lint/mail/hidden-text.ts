import { isHidden } from '../attributes.ts';
import { inElements, type Rule } from '../finding.ts';
import { hasWords } from '../prose.ts';
import { wordsIn, type Element } from '../template.ts';

export const hiddenText: Rule = {
  id: 'hidden-text',
  severity: 'warning',
  why: 'Filters know hidden text from spam; and it shows in the text part, and where styles are dropped.',
  mend: 'Take it out, or show it. What inboxes show beside the subject is the preheader.',
  example: { wrong: '<span style="display:none">pumps, sensors, cheap</span>', right: '(nothing)' },
  check: inElements(element => {
    const { parent, name } = element;
    const outermost = isHidden(element) && !(parent !== null && isHidden(parent));
    return outermost &&
      name !== 'mj-preview' &&
      !isHoneypot(element) &&
      hasWords(wordsIn(element).replace(/&\w+;/g, ''))
      ? { message: 'nobody sees what stands here; take it out, or show it.' }
      : null;
  }),
};

/** The link that only scanners follow. */
function isHoneypot({ attributes }: Element): boolean {
  return (attributes.get('href')?.value ?? '').includes('links.honeypot');
}
