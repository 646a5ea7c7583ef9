import { findingAt, findingInStep, type Finding, type Rule } from '../finding.ts';

/** What is left to be replaced, as people and other mail programs write it. "Todo" is a word in Spanish. */
const signs = [
  /lorem ipsum|\[(?:first ?name|name|company|firma|vorname)\]|(?<!\{)\{(?:first_?name|name|company)\}/i,
  /\b(?:TODO|TBD|XXX+)\b|%(?:FNAME|FIRSTNAME|NAME)%|\*\|[A-Z_:]+\|\*/,
];

export const placeholder: Rule = {
  id: 'placeholder',
  severity: 'error',
  why: 'What was meant to be replaced would be sent as it is.',
  mend: 'Write what belongs there; fields of leads are written {{ lead.first_name }}.',
  example: { wrong: 'Hello [Name]', right: 'Hello {{ lead.first_name | default: "there" }}' },
  check: sequence =>
    sequence.mails.flatMap(({ elements, subject, preheader, step }): Finding[] => {
      const inTexts = Object.entries({ subject, preheader }).flatMap(([key, text]) => {
        const found = leftIn(text);
        return found === null ? [] : [findingInStep(sequence, step, key, told(found[0]))];
      });
      const inBody = elements.flatMap(({ name, children, source }) =>
        /style$/.test(name)
          ? []
          : children.flatMap(child => {
              const match = 'words' in child ? leftIn(child.words) : null;
              return match === null || !('words' in child)
                ? []
                : [findingAt(source, child.start + match.index, told(match[0]))];
            }),
      );
      return [...inTexts, ...inBody];
    }),
};

function leftIn(text: string): RegExpExecArray | null {
  return signs.map(sign => sign.exec(text)).find(found => found !== null) ?? null;
}

function told(found: string): string {
  return `"${found}" was left to be replaced; write what belongs there.`;
}
