import { inElements, type Rule } from '../finding.ts';
import { stylesOf } from '../template.ts';

export const imageSize: Rule = {
  id: 'image-size',
  severity: 'warning',
  why: 'Without a width Outlook shows an image as large as its file is, and text jumps while it loads.',
  mend: 'Use mj-image, which sets it, or write width="…" in pixels.',
  example: {
    wrong: '<img src="…" alt="…">',
    right: '<img src="…" alt="…" width="120" height="40">',
  },
  check: inElements(element =>
    element.name === 'img' && !element.attributes.has('width') && !stylesOf(element).has('width')
      ? { message: 'the image has no width; use mj-image, or write width="…".' }
      : null,
  ),
};
