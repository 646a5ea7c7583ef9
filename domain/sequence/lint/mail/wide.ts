import { isInAttributes, pixels } from '../attributes.ts';
import { inElements, type Rule } from '../finding.ts';
import { stylesOf } from '../template.ts';

/** The width of a mail that every program shows, in pixels. */
const widest = 640;

export const wide: Rule = {
  id: 'wide',
  severity: 'warning',
  why: 'What is wider than the window has to be moved to and fro, on a phone most of all.',
  mend: 'Leave the width out, or write at most 600 pixels; a wide table becomes two, or a link.',
  example: { wrong: '<table width="900">', right: '<mj-table>' },
  check: inElements(element => {
    const { name, attributes } = element;
    if (isInAttributes(element)) return null;
    const width =
      pixels(attributes.get('width')?.value) ??
      pixels(stylesOf(element).get('width')) ??
      pixels(stylesOf(element).get('min-width'));
    return width === null || width <= widest
      ? null
      : { message: `<${name}> is ${width} pixels wide; a mail has 600.` };
  }),
};
