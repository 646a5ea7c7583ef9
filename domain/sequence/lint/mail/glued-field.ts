import { findingAt, type Rule } from '../finding.ts';

/** A field right behind a word or a sign after which there is a space. */
const glued = /(?<=[\p{L}\p{N},;:!?])\{\{-?\s*lead\./gu;

export const gluedField: Rule = {
  id: 'glued-field',
  severity: 'warning',
  why: 'The field and the word before it are read as one: "HelloAda".',
  mend: 'Put a space between them.',
  example: {
    wrong: 'Hello{{ lead.first_name | default: "there" }}',
    right: 'Hello {{ lead.first_name | default: "there" }}',
  },
  fix: 'puts the space there',
  check: ({ mails }) =>
    mails.flatMap(({ elements }) =>
      elements
        .flatMap(({ children, source }) =>
          children.flatMap(child => ('words' in child ? [{ ...child, source }] : [])),
        )
        .flatMap(({ words, start, source }) =>
          [...words.matchAll(glued)].map(({ index }) => {
            const at = start + index;
            const message = 'the field stands right behind a word; put a space between them.';
            const edit = { file: source.file, start: at, end: at, text: ' ' };
            return { ...findingAt(source, at, message), edits: [edit] };
          }),
        ),
    ),
};
