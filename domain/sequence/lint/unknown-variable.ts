import { suggestion } from '../../document/nearest.ts';
import { findingIn, type Rule } from './finding.ts';

export const unknownVariable: Rule = {
  id: 'unknown-variable',
  severity: 'error',
  why: 'A variable that no lead has would leave every mail unsent.',
  check: sequence =>
    sequence.mails.flatMap(mail =>
      mail.variables
        .filter(({ name }) => !sequence.knownVariables.includes(name))
        .map(variable =>
          findingIn(
            sequence,
            mail,
            variable,
            `no lead has "${variable.name}".${suggestion(variable.name, sequence.knownVariables)}`,
          ),
        ),
    ),
};
