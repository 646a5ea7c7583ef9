import { findingAt, type Rule } from '../finding.ts';
import { bodyOf, wordsOf } from '../prose.ts';

/** Words without which a mail with images says nothing where these are not shown. */
const fewWords = 20;

export const imageOnly: Rule = {
  id: 'image-only',
  severity: 'warning',
  why: 'Where images are not shown the mail is empty, and filters take a mail of images alone for spam.',
  mend: 'Say in words what the images say.',
  example: {
    wrong: '<mj-image src="…/whole-mail.png" alt="Our news" />',
    right: '<mj-text>Three plants, three numbers: …</mj-text>',
  },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const image = mail.elements.find(({ name }) => name === 'mj-image' || name === 'img');
      const count = wordsOf(bodyOf(mail)).length;
      return mail.html === null || image === undefined || count >= fewWords
        ? []
        : [
            findingAt(
              image.source,
              image.start,
              `the mail is images and ${count} words; say in words what they say.`,
            ),
          ];
    }),
};
