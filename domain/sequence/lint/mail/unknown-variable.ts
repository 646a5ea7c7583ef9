import { suggestion } from '../../../document/nearest.ts';
import { findingIn, type Edit, type LintedSequence, type Rule } from '../finding.ts';
import { surelyMeant } from '../meant.ts';
import { liquidIn } from '../template.ts';
import { textOf } from './unknown-filter.ts';

export const unknownVariable: Rule = {
  id: 'unknown-variable',
  severity: 'error',
  why: 'A variable that no lead has would leave every mail unsent.',
  mend: 'Use one that docs/sequences.md names.',
  example: {
    wrong: '{{ lead.compny | default: "you" }}',
    right: '{{ lead.company | default: "you" }}',
  },
  fix: 'writes the variable that was meant, where that is sure',
  check: sequence =>
    sequence.mails.flatMap(mail =>
      mail.variables
        .filter(({ name }) => !sequence.knownVariables.includes(name))
        .map(variable => {
          const { name } = variable;
          const hint = suggestion(name, sequence.knownVariables);
          const found = findingIn(sequence, mail, variable, `no lead has "${name}".${hint}`);
          const meant = surelyMeant(name, sequence.knownVariables);
          return meant === null
            ? found
            : { ...found, edits: editsOf(sequence, found.file, name, meant) };
        }),
    ),
};

function editsOf(sequence: LintedSequence, file: string, name: string, meant: string): Edit[] {
  const whole = new RegExp(`(?<![\\w.])${name.replace(/[^\w]/g, '\\$&')}(?![\\w.])`, 'g');
  return liquidIn({ file, text: textOf(sequence, file) }).flatMap(({ token, index }) =>
    [...token.matchAll(whole)].map(match => {
      const start = index + match.index;
      return { file, start, end: start + name.length, text: meant };
    }),
  );
}
