import { beginning } from '../../../document/place.ts';
import type { Rule } from '../finding.ts';

export const unusedMail: Rule = {
  id: 'unused-mail',
  severity: 'warning',
  why: 'A mail that no step sends is never sent: it is forgotten, or left over.',
  mend: 'Name it in a step, or delete the file.',
  example: { wrong: '06-old.mjml, and no step with it', right: '- mail: 06-old' },
  check: ({ file, files, mails }) => {
    const sent = new Set(mails.map(({ name }) => `${name}.mjml`));
    return files
      .filter(name => !sent.has(name))
      .map(name => ({
        file: file.replace(/sequence\.yaml$/, name),
        ...beginning,
        message: 'no step sends this mail; name it in one, or delete the file.',
      }));
  },
};
