import { placeAt } from '../../document/place.ts';
import type { Rule } from './finding.ts';

export const linkTarget: Rule = {
  id: 'link-target',
  severity: 'error',
  why: 'A link that is empty, relative or a script leads nowhere in a mail program.',
  check: ({ mails }) =>
    mails.flatMap(({ file, source }) =>
      [...source.matchAll(/href\s*=\s*"([^"]*)"/g)]
        .filter(([, target = '']) => !/^(https?:\/\/[^\s/]|mailto:|tel:|\{\{)/.test(target.trim()))
        .map(match => ({
          file,
          ...placeAt(source, match.index),
          message: `"${match[1] ?? ''}" is no link that works in a mail; write the whole address, beginning with https://.`,
        })),
    ),
};
