import { inElements, type Rule } from '../finding.ts';

export const altFileName: Rule = {
  id: 'alt-file-name',
  severity: 'warning',
  why: 'Who does not see an image is read its alt text, and a file name says nothing.',
  mend: 'Say in alt what the image shows.',
  example: { wrong: 'alt="IMG_2041.jpg"', right: 'alt="The line in the bottling plant"' },
  check: inElements(({ name, attributes }) => {
    const alt = attributes.get('alt');
    if ((name !== 'mj-image' && name !== 'img') || alt === undefined) return null;
    return /\.(png|jpe?g|gif|webp|svg)\s*$|^\s*(image|img|picture|photo|logo)[\s_-]*\d*\s*$/i.test(
      alt.value.slice(0, 100),
    )
      ? { at: alt.start, message: `"${alt.value}" is a name of a file; say what the image shows.` }
      : null;
  }),
};
