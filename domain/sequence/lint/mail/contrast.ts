import { attributeOf, inherited, isHidden, isInAttributes, pixels } from '../attributes.ts';
import { contrast as contrastOf } from '../color.ts';
import { inElements, type Rule } from '../finding.ts';
import { ancestors, stylesOf, type Element } from '../template.ts';

/** What WCAG 2.2 asks at level AA: https://www.w3.org/TR/WCAG22/#contrast-minimum */
const [ofText, ofLargeText] = [4.5, 3];

export const contrast: Rule = {
  id: 'contrast',
  severity: 'warning',
  why: 'Gray on gray cannot be read outdoors, nor by many eyes (WCAG 2.2, level AA).',
  mend: 'Make the text darker, or what is behind it lighter, until the contrast is 4.5.',
  example: { wrong: '<mj-text color="#aaaaaa">', right: '<mj-text color="#5a6772">' },
  check: inElements((element, { defaults }) => {
    if (!setsColor(element) || isInAttributes(element) || isHidden(element)) return null;
    // What is on an image is not known.
    if ([...ancestors(element)].some(({ attributes }) => attributes.has('background-url')))
      return null;
    const isButton = element.name === 'mj-button';
    const color =
      inherited(element, 'color', defaults)?.value ?? (isButton ? '#ffffff' : '#000000');
    const behind =
      inherited(element, 'background-color', defaults)?.value ?? (isButton ? '#414141' : '#ffffff');
    const ratio = contrastOf(color, behind);
    const size = pixels(inherited(element, 'font-size', defaults)?.value) ?? 13;
    const weight = inherited(element, 'font-weight', defaults)?.value ?? '';
    const isLarge = size >= 24 || (size >= 18.66 && /^(bold|[7-9]00)$/.test(weight));
    const least = isLarge ? ofLargeText : ofText;
    return ratio === null || ratio >= least
      ? null
      : {
          message: `${color} on ${behind} has a contrast of ${(Math.floor(ratio * 10) / 10).toFixed(1)}; it takes ${least}.`,
        };
    function setsColor({ name }: Element): boolean {
      if (['mj-text', 'mj-button', 'mj-table', 'mj-navbar-link'].includes(name)) return true;
      const styles = stylesOf(element);
      const says = ['color', 'background-color', 'background'].some(key => styles.has(key));
      return !name.startsWith('mj-') && (says || attributeOf(element, 'color', defaults) !== null);
    }
  }),
};
