import { placeAt } from '../../document/place.ts';
import type { Rule } from './finding.ts';

export const altText: Rule = {
  id: 'alt-text',
  severity: 'error',
  why: 'Many mail programs show no images until asked, and some readers never see them.',
  check: ({ mails }) =>
    mails.flatMap(({ file, source }) =>
      [...source.matchAll(/<(mj-image|img)\b[^>]*>/g)]
        .filter(([tag]) => !/\balt\s*=/.test(tag))
        .map(match => ({
          file,
          ...placeAt(source, match.index),
          message: 'the image has no alt text; write alt="" if it is only decoration.',
        })),
    ),
};
