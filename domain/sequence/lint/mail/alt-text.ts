import { inElements, type Rule } from '../finding.ts';

export const altText: Rule = {
  id: 'alt-text',
  severity: 'error',
  why: 'Many mail programs show no images until asked, and some readers never see them.',
  mend: 'Say in alt what the image shows; write alt="" if it is only decoration.',
  example: {
    wrong: '<mj-image src="https://…/line.png" />',
    right: '<mj-image src="https://…/line.png" alt="A packaging line, standing still" />',
  },
  check: inElements(({ name, attributes }) =>
    (name === 'mj-image' || name === 'img') && !attributes.has('alt')
      ? { message: 'the image has no alt text; write alt="" if it is only decoration.' }
      : null,
  ),
};
