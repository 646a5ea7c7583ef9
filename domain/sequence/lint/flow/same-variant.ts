import type { Step } from '../../schema.ts';
import { holdOut } from '../../variants.ts';
import type { Finding, LintedSequence, Rule } from '../finding.ts';
import { stepsOf } from '../steps.ts';

export const sameVariant: Rule = {
  id: 'same-variant',
  severity: 'error',
  why: 'Two variants that do the same cannot be told apart, whatever the figures say.',
  mend: 'Let them differ in subject, preheader, mail or steps; or leave one out.',
  example: {
    wrong: 'variants: { a: { weight: 1 }, b: { weight: 1 } }',
    right: 'variants: { a: { weight: 1 }, b: { weight: 1, subject: Two minutes of film } }',
  },
  check: sequence =>
    stepsOf(sequence.document).flatMap(({ step, path }) => twins(sequence, step, path)),
};

function twins({ file, placeOf }: LintedSequence, step: Step, path: PropertyKey[]): Finding[] {
  const seen = new Map<string, string>();
  return waysOf(step).flatMap(({ name, says, key }) => {
    const twin = seen.get(says);
    seen.set(says, twin ?? name);
    if (twin === undefined) return [];
    const message = `"${name}" does the same as "${twin}"; let them differ, or leave one out.`;
    return [{ file, ...placeOf([...path, key, name]), message }];
  });
}

/** What each variant of a step does, in a text that is the same where they do the same. */
function waysOf(step: Step): { name: string; says: string; key: string }[] {
  if ('mail' in step) {
    const { mail, subject, preheader, variants = {} } = step;
    return Object.entries(variants)
      .filter(([name]) => name !== holdOut)
      .map(([name, own]) => ({
        name,
        says: JSON.stringify([
          own.mail ?? mail,
          own.subject ?? subject,
          own.preheader ?? preheader,
        ]),
        key: 'variants',
      }));
  }
  if (!('split' in step)) return [];
  return Object.entries(step.paths).map(([name, { steps }]) => ({
    name,
    says: JSON.stringify(steps ?? []),
    key: 'paths',
  }));
}
