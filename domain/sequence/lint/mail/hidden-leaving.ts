import { inherited, isHidden, pixels } from '../attributes.ts';
import { contrast } from '../color.ts';
import type { Rule } from '../finding.ts';
import { inLinks } from '../links.ts';

/** Smaller than this nobody reads it, in pixels. */
const leastSize = 10;
/** Closer to its background than this it is not seen. */
const leastContrast = 2;

export const hiddenLeaving: Rule = {
  id: 'hidden-leaving',
  severity: 'error',
  why: 'Who does not find the way to leave presses "spam", and that harms every mail after it.',
  mend: 'Show it like other text: 13 pixels, and dark enough.',
  example: {
    wrong: '<a href="{{ links.unsubscribe }}" style="font-size:6px">Unsubscribe</a>',
    right: '<a href="{{ links.unsubscribe }}" clicktracking="off">Unsubscribe</a>',
  },
  check: inLinks(({ element, target }, { defaults }) => {
    if (!/\{\{-?\s*links\.(unsubscribe|stay)\b/.test(target)) return null;
    if (isHidden(element)) return 'the way to leave is hidden; show it.';
    const font = pixels(inherited(element, 'font-size', defaults)?.value);
    if (font !== null && font < leastSize)
      return `the way to leave is ${font} pixels high; make it at least ${leastSize}.`;
    const color = inherited(element, 'color', defaults)?.value;
    const behind = inherited(element, 'background-color', defaults)?.value ?? '#ffffff';
    const ratio = color === undefined ? null : contrast(color, behind);
    return ratio !== null && ratio < leastContrast
      ? `the way to leave is ${color ?? ''} on ${behind}, and cannot be seen.`
      : null;
  }),
};
