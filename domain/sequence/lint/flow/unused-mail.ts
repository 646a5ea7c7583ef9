import { beginning } from '../../../document/place.ts';
import type { Rule } from '../finding.ts';

export const unusedMail: Rule = {
  id: 'unused-mail',
  severity: 'warning',
  why: 'A mail that no step sends is never sent: it is forgotten, or left over.',
  mend: 'Name it in a step, or delete the file.',
  example: { wrong: '06-old.mjml, and no step with it', right: '- mail: 06-old' },
  check: ({ file, files, mails }) => {
    const inFolder = (name: string) => file.replace(/sequence\.yaml$/, name);
    const used = new Set(
      mails.flatMap(each => [each.file, ...each.sources.map(source => source.file)]),
    );
    return files
      .filter(name => !used.has(inFolder(name)))
      .map(name => ({
        file: inFolder(name),
        ...beginning,
        message: 'no step sends this mail; name it in one, or delete the file.',
      }));
  },
};
