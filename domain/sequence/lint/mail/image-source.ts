import { inElements, type Rule } from '../finding.ts';

export const imageSource: Rule = {
  id: 'image-source',
  severity: 'error',
  why: 'A mail brings no files along: images load from the web, and Gmail drops those written into the mail.',
  mend: 'Put the image on your web site, and write its whole address, beginning with https://.',
  example: {
    wrong: '<mj-image src="line.png" …>',
    right: '<mj-image src="https://northwind.example/line.png" …>',
  },
  check: inElements(({ name, attributes }) => {
    if (name !== 'mj-image' && name !== 'img') return null;
    const source = attributes.get('src');
    if (source === undefined) return { message: 'the image has no src.' };
    return /^(https?:\/\/[^\s/]|\{\{)/i.test(source.value.trim())
      ? null
      : {
          at: source.start,
          message: `"${source.value.slice(0, 40)}" does not load in a mail; write the whole address, beginning with https://.`,
        };
  }),
};
