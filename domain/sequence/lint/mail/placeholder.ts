import { findingAt, findingInStep, type Finding, type Rule } from '../finding.ts';

const left =
  /lorem ipsum|\bTODO\b|\bTBD\b|\bXXX+\b|\[(?:first ?name|name|company|firma|vorname)\]|\{(?!\{|%)(?:first_?name|name|company)\}|%(?:FNAME|FIRSTNAME|NAME)%|\*\|\w+\|\*/i;

export const placeholder: Rule = {
  id: 'placeholder',
  severity: 'error',
  why: 'What was meant to be replaced would be sent as it is.',
  mend: 'Write what belongs there; fields of leads are written {{ lead.first_name }}.',
  example: { wrong: 'Hello [Name]', right: 'Hello {{ lead.first_name | default: "there" }}' },
  check: sequence =>
    sequence.mails.flatMap(({ elements, subject, preheader, step }): Finding[] => {
      const inTexts = Object.entries({ subject, preheader }).flatMap(([key, text]) => {
        const [found] = left.exec(text) ?? [];
        return found === undefined ? [] : [findingInStep(sequence, step, key, told(found))];
      });
      const inBody = elements.flatMap(({ name, children, source }) =>
        /style$/.test(name)
          ? []
          : children.flatMap(child => {
              const match = 'words' in child ? left.exec(child.words) : null;
              return match === null || !('words' in child)
                ? []
                : [findingAt(source, child.start + match.index, told(match[0]))];
            }),
      );
      return [...inTexts, ...inBody];
    }),
};

function told(found: string): string {
  return `"${found}" was left to be replaced; write what belongs there.`;
}
