import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../domain/document/read.ts';
import { differenceOf, inShort, type Compared } from '../../../domain/sequence/diff.ts';
import { compiledName, planOf } from '../../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';
import { address } from '../../program.ts';

const steps = `
  - { mail: one, subject: First, preheader: p }
  - wait: 4 days
  - { mail: two, subject: Second, preheader: p }
  - wait: 5 days
  - if: clicked in two
    then:
      - { mail: three, subject: Third, preheader: p }
    else:
      - wait: until tuesday 09:30
      - { mail: four, subject: Fourth, preheader: p }
  - wait: 7 days
  - { mail: five, subject: Fifth, preheader: p }
`;

function version(yaml: string, html: Record<string, string> = {}, goal = 'Sell'): Compared {
  const text = `goal: ${goal}\nowner: nora\nsteps:${yaml}`;
  const plan = planOf(readDocument('sequence.yaml', text, sequenceSchema).value);
  const mails = plan.flatMap(step => {
    if (step.do !== 'mail') return [];
    const body = html[step.mail] ?? `${step.mail}\nGoodbye`;
    const link = `<a style="x" href="https://site.example/${step.mail}?a=1&amp;b=2">`;
    return [
      [compiledName(step), { html: `${body}${link}`, text: body.replace(/<[^>]+>/g, '') }],
    ] as const;
  });
  return {
    goal,
    plan,
    mails: Object.fromEntries(mails),
    brand: {
      company: 'Northwind',
      sender: { name: 'Nora', address: address('nora@northwind.example') },
      postalAddress: 'Somewhere 1, Town',
    },
  };
}

const before = version(steps);
const words = (after: Compared) => differenceOf(before, after).changes.map(change => change.words);
const edited = (from: string | RegExp, to: string) => {
  const yaml = steps.replace(from, to);
  expect(yaml).not.toBe(steps);
  return version(yaml);
};

describe('what a version does differently is told in words', () => {
  it.each<[string, Compared, string[]]>([
    ['nothing', version(steps), []],
    [
      'a wait',
      edited('5 days', '6 days'),
      ['waits 6 days instead of 5 days before the branch "clicked in two"'],
    ],
    [
      'a wait that is new',
      edited('  - wait: 7 days\n', ''),
      ['waits nothing instead of 7 days before five'],
    ],
    [
      'a wait at the end',
      version(`${steps}  - wait: 90 minutes\n`),
      ['waits 90 minutes instead of nothing before the end'],
    ],
    [
      'a subject and a preheader',
      edited('Second, preheader: p', 'Next, preheader: q'),
      [
        'two: its subject is "Next" instead of "Second"',
        'two: its preheader is "q" instead of "p"',
      ],
    ],
    [
      'a step that is new',
      edited(
        '  - wait: 7 days',
        '  - wait: 1 week\n  - { mail: six, subject: s, preheader: p }\n  - wait: 7 days',
      ),
      ['six is new, after the branch "clicked in two", with a wait of 7 days'],
    ],
    [
      'a step that is gone',
      edited(/ {2}- \{ mail: five.*\n/, ''),
      [
        'waits 7 days instead of nothing before the end',
        'five is gone; it was after the branch "clicked in two", with a wait of 7 days',
      ],
    ],
    [
      'steps in another order',
      edited(/( {2}- \{ mail: one.*\n)( {2}- wait: 4 days\n)( {2}- \{ mail: two.*\n)/, '$3$2$1'),
      [
        'waits nothing instead of 4 days before two',
        'one now comes after two, with a wait of 4 days; it was at the beginning',
        'waits 4 days instead of nothing before one',
      ],
    ],
    [
      'a step in another branch',
      edited(/( {6}- \{ mail: three.*\n)( {4}else:\n)/, '      - exit: done\n$2$1'),
      [
        'three now comes at the beginning in the "no" of the branch "clicked in two"; it was at the beginning in the "yes" of the branch "clicked in two"',
        'the exit "done" is new, at the beginning in the "yes" of the branch "clicked in two"',
      ],
    ],
    [
      'what a branch asks, and a wait within it',
      edited(/clicked in two\n/, 'clicked in two within 5 days\n'),
      ['the branch "clicked in two within 5 days" takes the place of the branch "clicked in two"'],
    ],
    [
      'a window, of all mails at once',
      version(steps.replaceAll('preheader: p', 'preheader: p, window: always')),
      ['one, two, three, four and five go out always instead of as agreed'],
    ],
    [
      'a window of its own',
      edited(
        'First, preheader: p',
        'First, preheader: p, window: { days: mon-fri, from: 08:00, to: 17:30, zone: Europe/Berlin, holidays: send }',
      ),
      [
        'one goes out mon-fri, 08:00 to 17:30, Europe/Berlin, also on holidays instead of as agreed',
      ],
    ],
    [
      'variants of a mail, each of which waits as the mail did',
      edited(
        'Second, preheader: p',
        'Second, preheader: p, variants: { a: { weight: 2 }, b: { weight: 1, subject: Other }, hold_out: { weight: 1 } }',
      ),
      [
        'two (variant a): its share is weight 2 instead of all',
        'two (variant b) is new, after one, with a wait of 4 days',
        'two (variant hold_out) is new, after one, with a wait of 4 days',
      ],
    ],
    [
      'a split, and where a lead goes on after it',
      version(
        `${steps}  - split: tone\n    paths:\n      warm: { weight: 1, steps: [{ mail: warm, subject: s, preheader: p }] }\n      none: { weight: 1 }\n  - move: other\n`,
      ),
      [
        'the split "tone" is new, after five',
        'warm is new, at the beginning in the "warm" of the split "tone"',
        'the move to other is new, after the split "tone"',
      ],
    ],
    [
      'what leads leave for, and a cap',
      {
        ...before,
        cap: { mails: 1, days: 7 },
        leaveWhen: [
          {
            if: {
              kind: 'did',
              event: 'page',
              subject: '/pricing*',
              withinMs: null,
              negated: false,
            },
            because: 'looked at prices',
          },
        ],
      },
      ['cap: now 1 mail a week', 'leave when: now visited "/pricing*": looked at prices'],
    ],
    ['the goal', version(steps, {}, 'Sell more'), ['goal: Sell more instead of Sell']],
    [
      'a text, with a link that is another',
      version(steps, { one: 'one\nHello\nGoodbye<a href="{{ links.stay }}">' }),
      ['one says something else', 'one links to {{ links.stay }}'],
    ],
    [
      'a look alone',
      version(steps, { one: '<b>one</b>\nGoodbye', five: '<i>five</i>\nGoodbye' }),
      ['one and five look different, and say the same'],
    ],
    [
      'who mails',
      { ...before, brand: { ...before.brand, company: 'Southwind' } },
      ['brand › company: Southwind instead of Northwind'],
    ],
  ])('%s', (_, after, expected) => {
    expect(words(after)).toEqual(expected);
  });

  it('a text line by line, and a text that is another as a whole', () => {
    const { bodies } = differenceOf(before, version(steps, { two: 'two\nHello\nGoodbye' }));
    expect(bodies).toEqual([{ mail: 'two', passages: [[' two', '+Hello', ' Goodbye']] }]);
    const long = (word: string) => Array.from({ length: 500 }, (_, n) => `${word} ${n}`).join('\n');
    const other = differenceOf(
      version(steps, { one: long('a') }),
      version(steps, { one: long('b') }),
    );
    expect(other.bodies).toEqual([{ mail: 'one', passages: null }]);
  });

  it('shares, of a split and of variants', () => {
    const split = (warm: number, a: number) =>
      version(
        `${steps}  - split: tone\n    paths: { warm: { weight: ${warm} }, cold: { weight: 1 } }\n  - { mail: six, subject: s, preheader: p, variants: { a: { weight: ${a} }, b: { weight: 1 } } }\n`,
      );
    expect(differenceOf(split(1, 1), split(2, 3)).changes.map(change => change.words)).toEqual([
      'the split "tone": its share is warm 2, cold 1 instead of warm 1, cold 1',
      'six (variant a): its share is weight 3 instead of weight 1',
    ]);
  });

  it('in short, with how much more there is', () => {
    const { changes } = differenceOf(before, edited('Second, preheader: p', 'x, preheader: q'));
    expect(inShort(changes, 1)).toBe('two: its subject is "x" instead of "Second"; and 1 more');
    expect(inShort([])).toBe('nothing');
  });
});
