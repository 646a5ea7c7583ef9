import { inLinks, wordsOn } from '../links.ts';
import type { Rule } from '../finding.ts';
import { hasWords } from '../prose.ts';
import { elementsIn } from '../template.ts';

/** What a link is called that says nothing of where it leads. */
const empty =
  /^(click(ing)?( here| this)?|(right )?here|this|this (link|page)|links?|more|read more|learn more|see more|find out more|continue|go|hier|hier klicken|klicken sie hier|mehr|mehr erfahren|weiterlesen)$/i;

export const linkText: Rule = {
  id: 'link-text',
  severity: 'warning',
  why: 'Who skims, or has links read out, must know from the link alone where it leads (WCAG 2.4.4).',
  mend: 'Let the link say what is behind it.',
  example: { wrong: 'The guide is <a …>here</a>.', right: '<a …>Read the guide</a>.' },
  check: inLinks(link => {
    const { name, attributes } = link.element;
    if (name !== 'a' && name !== 'mj-button' && name !== 'mj-navbar-link') return null;
    if (attributes.get('aria-hidden')?.value === 'true') return null;
    const words = wordsOn(link).slice(0, 100);
    if (empty.test(words.replace(/[\s.,:;!?»«›‹→>…-]+$/u, '').trim()))
      return `"${words}" does not say where the link leads.`;
    const shows = elementsIn(link.element).some(
      inner => inner.name === 'img' && (inner.attributes.get('alt')?.value ?? '') !== '',
    );
    return hasWords(words) || shows ? null : 'nothing is written on this link.';
  }),
};
