import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readDocument } from '../../../domain/document/read.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';
import { withWinner } from '../../../domain/sequence/winner.ts';

const text = `# What stops cost.
goal: Show what stops cost   # in a year
owner: nora

steps:
  # First, hello.
  - mail: 01-welcome
    subject: "{{ lead.first_name | default: 'Hello' }}, welcome"
    preheader: Five short mails
    variants:
      # As it always was.
      plain: { weight: 2 }
      bold:
        weight: 1   # few
        subject: 'Stop: it costs'
      other: { weight: 1, mail: 01-other, preheader: Another }
      hold_out: { weight: 1 }
    window: always

  - wait: 4 days
  # Then one of two ways.
  - split: pace
    paths:
      slow:
        weight: 1
        steps:
          # Slowly.
          - wait: 9 days
          - if: clicked in 01-welcome
            then:
              - mail: 02-more
                subject: >
                  More
                  of it
                preheader: More

          - wait: 1 day
      none: { weight: 1 }
  # The last.
  - mail: 03-last
    subject: Last
    preheader: Last
`;

const valid = (yaml: string) => readDocument('sequence.yaml', yaml, sequenceSchema).value;

describe('the variant that has won', () => {
  it('becomes the mail, and nothing else is touched', () => {
    valid(text);
    const cut = (from: string, to: string) =>
      text.slice(0, text.indexOf(from)) + text.slice(text.indexOf(to));
    expect(withWinner(text, '01-welcome', 'plain')).toEqual({
      text: cut('    variants:', '    window: always'),
      file: null,
    });
    expect(withWinner(text, '01-welcome', 'bold').text).toBe(
      cut('    variants:', '    window: always').replace(
        `"{{ lead.first_name | default: 'Hello' }}, welcome"`,
        `'Stop: it costs'`,
      ),
    );
    const other = withWinner(text, '01-welcome', 'other');
    expect(other.file).toEqual({ from: '01-other', to: '01-welcome' });
    expect(other.text).toContain('    preheader: Another\n    window: always\n');
    valid(other.text);
  });

  it('gives its steps to the sequence where the ways parted, or goes straight on', () => {
    const { text: slow } = withWinner(text, 'pace', 'slow');
    expect(slow).toContain(`  # Then one of two ways.
  # Slowly.
  - wait: 9 days
  - if: clicked in 01-welcome
    then:
      - mail: 02-more
        subject: >
          More
          of it
        preheader: More

  - wait: 1 day
  # The last.
`);
    expect(slow.startsWith(text.slice(0, text.indexOf('  - split')))).toBe(true);
    valid(slow);
    const { text: none } = withWinner(text, 'pace', 'none');
    expect(none).toContain('  # Then one of two ways.\n  # The last.\n');
    valid(none);
  });

  it.each([
    ['01-welcom', 'plain', 'There are no variants of "01-welcom". Did you mean "01-welcome"?'],
    ['01-welcome', 'bald', '"01-welcome" has no variant "bald". Did you mean "bold"?'],
    ['01-welcome', 'hold_out', 'Who is held out gets nothing'],
  ])('is refused where it is not there: %s, %s', (split, variant, message) => {
    expect(() => withWinner(text, split, variant)).toThrow(message);
  });

  it.each([
    ['steps:\n  - wait: 1 day\n', 'There are no variants and no splits in this sequence.'],
    [
      'steps:\n  - split: x\n    paths: { a: { weight: 1 }, b: { weight: 1 } }\n',
      'alone in its list',
    ],
    [
      'steps:\n  - { split: x, paths: { a: { weight: 1 }, b: { weight: 1 } } }\n  - wait: 1 day\n',
      null,
    ],
    ['steps:\n  - split: x\n    paths: { a: { weight: 1, steps: [wait: 1 day] } }\n', 'in braces'],
    ['steps:\n  - split: x\n    paths:\n      a:\n        steps: [wait: 1 day]\n', 'in brackets'],
    ['steps:\n  - { mail: x, variants: { a: {}, b: {} } }\n', 'in braces'],
    ['steps:\n  - mail: x\n    variants: {\n      a: {}, b: {}\n    }\n', 'by hand'],
  ])('is refused, or written, where it is written otherwise: %j', (yaml, message) => {
    if (message === null)
      expect(parse(withWinner(yaml, 'x', 'a').text)).toEqual({ steps: [{ wait: '1 day' }] });
    else expect(() => withWinner(yaml, 'x', 'a')).toThrow(message);
  });
});

interface Written {
  [key: string]: unknown;
}

const some = fc.constantFrom(
  'Hello',
  'a: b',
  "it's # not",
  '"so"',
  'line\nline\n',
  '- x',
  '  spaced ',
);
const waiting: fc.Arbitrary<Written> = fc.record({ wait: fc.constantFrom('1 day', '2 days') });
const branch: fc.Arbitrary<Written> = fc.record({
  if: fc.constant('clicked in it'),
  then: fc.array(waiting, { minLength: 1, maxLength: 2 }),
});
const steps = fc.array(fc.oneof(waiting, branch), { minLength: 1, maxLength: 3 });

/** Puts steps around one, in a branch or not. */
function around(before: Written[], step: Written, after: Written[], inBranch: boolean): Written {
  const list = [...before, step, ...after];
  return { goal: 'x', steps: inBranch ? [{ if: 'clicked in it', then: list }, ...after] : list };
}

it('means what it meant but for the split, however it is written', () => {
  const writing = fc.record({ indentSeq: fc.boolean(), indent: fc.constantFrom(2, 4) });
  fc.assert(
    fc.property(
      ...([steps, steps, steps, fc.boolean(), writing, some, some] as const),
      (before, inside, after, inBranch, how, subject, own) => {
        const mail = { mail: 'it', subject, preheader: own };
        const variants = { a: { weight: 1, subject: own }, b: { weight: 1 } };
        const won = withWinner(
          stringify(around(before, { ...mail, variants, window: 'always' }, after, inBranch), how),
          'it',
          'a',
        );
        expect(parse(won.text)).toEqual(
          around(before, { ...mail, subject: own, window: 'always' }, after, inBranch),
        );
        const paths = { a: { weight: 1, steps: inside }, b: { weight: 1 } };
        const text = stringify(around(before, { split: 'it', paths }, after, inBranch), how);
        const there = around(before, { here: true }, after, inBranch);
        const put = (list: Written[]): Written[] =>
          list.flatMap(step => {
            if ('here' in step) return inside;
            return 'then' in step ? [{ ...step, then: put(step.then as Written[]) }] : [step];
          });
        expect(parse(withWinner(text, 'it', 'a').text)).toEqual({
          goal: 'x',
          steps: put(there.steps as Written[]),
        });
      },
    ),
    { numRuns: 60 },
  );
});
