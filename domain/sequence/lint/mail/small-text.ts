import { attributeOf, isHidden, isInAttributes, pixels } from '../attributes.ts';
import { inElements, type Rule } from '../finding.ts';
import { hasWords } from '../prose.ts';
import { stylesOf, wordsIn } from '../template.ts';

/** Pixels; phones enlarge what is smaller, and the layout breaks. */
const smallest = 12;

export const smallText: Rule = {
  id: 'small-text',
  severity: 'warning',
  why: 'Small text is not read on a phone, and phones that enlarge it break the layout.',
  mend: 'Write at least 12 pixels, and 16 for what is to be read.',
  example: { wrong: '<mj-text font-size="9px">', right: '<mj-text font-size="13px">' },
  check: inElements((element, { defaults }) => {
    if (isInAttributes(element) || isHidden(element) || !hasWords(wordsIn(element))) return null;
    const own =
      pixels(stylesOf(element).get('font-size')) ??
      (/^mj-(text|button|table)$/.test(element.name)
        ? pixels(attributeOf(element, 'font-size', defaults))
        : null);
    return own === null || own >= smallest
      ? null
      : { message: `this text is ${own} pixels high; make it at least ${smallest}.` };
  }),
};
