import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSegments } from '../../../domain/agreement/read-segments.ts';
import { DocumentError } from '../../../domain/document/problem.ts';
import { day } from '../../../domain/instant.ts';
import { theAgreement } from '../facts.ts';

const agreement = theAgreement();
const sequences = ['c-nurture', 'd-long-cycle'];
const nurture = '    nurture: { C: c-nurture, D: d-long-cycle }';
const rest = `  - name: rest\n${nurture}\n`;
const file = (...conditions: string[]) =>
  `segments:\n${conditions.map((when, n) => `  - name: s${n}\n    when: ${when}\n${nurture}\n`).join('')}${rest}`;

const read = (text: string) => readSegments('f.yaml', text, sequences, agreement);
function complaint(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  return '';
}

it('says what its words mean', () => {
  const when =
    '{ country: de, employees: 50, source: fair, grade: D, engaged: { event: pricing page, within: 8 weeks }, rejected_for: not now }';
  const text = file(when).replace('    when', '    move: yes\n    when');
  expect(read(text).segments[0]).toEqual({
    name: 's0',
    when: {
      country: ['de'],
      employees: ['50'],
      source: ['fair'],
      grade: ['D'],
      engaged: { event: ['pricing page'], at_least: 1, within: 56 * day },
      rejected_for: ['not now'],
    },
    move: true,
    nurture: { C: 'c-nurture', D: 'd-long-cycle' },
  });
});

describe('a segment is refused, at its line and with the mend,', () => {
  it.each([
    [
      'that is mistyped',
      ['{ industri: retail }'],
      '3:13: "industri" is not known here. Did you mean "industry"?',
    ],
    [
      'whose new word is mistyped',
      ['{ rejectd_for: not now }'],
      '3:13: "rejectd_for" is not known here. Did you mean "rejected_for"?',
    ],
    ['that asks for nothing', ['{}'], '3:5: "segments.1.when": say what the lead is like'],
    [
      'with another form of event',
      ['{ engaged: pricing page }'],
      '3:13: "segments.1.when.engaged" is "pricing page", but must be a group.',
    ],
    [
      'without a time',
      ['{ engaged: { event: page } }'],
      '"segments.1.when.engaged.within" is missing',
    ],
    [
      'with a time that is none',
      ['{ engaged: { event: page, within: soon } }'],
      'a time to look back is written like "30d"',
    ],
    [
      'with a time too long',
      ['{ engaged: { event: page, within: 400d } }'],
      'is a year at the most',
    ],
    [
      'that counts to nothing',
      ['{ engaged: { event: page, at_least: 0, within: 30d } }'],
      '3:37: "segments.1.when.engaged.at_least" is 0: how often is a whole number from 1 to 1000.',
    ],
    [
      'with an unknown event',
      ['{ engaged: { event: pricing pge, within: 30d } }'],
      '3:24: "pricing pge" is no event: name one of click, page',
    ],
    [
      'with an unknown event in a list',
      ['{ engaged: { event: [page, pricing pge], within: 30d } }'],
      '3:38: "pricing pge" is no event',
    ],
    [
      'with an unknown event, telling the nearest',
      ['{ engaged: { event: pricing pge, within: 30d } }'],
      'Did you mean "pricing page"?',
    ],
    [
      'with an unknown reason',
      ['{ rejected_for: [not now, unreachble] }'],
      '3:37: "unreachble" is no reason that sales rejects a lead for. Did you mean "unreachable"?',
    ],
    [
      'with a reason that ends mailing',
      ['{ rejected_for: bad data }'],
      'after "bad data" a lead is never mailed again',
    ],
    [
      'with a reason that disqualifies',
      ['{ rejected_for: competitor }'],
      'after "competitor" a lead is disqualified',
    ],
    [
      'of grade A',
      ['{ grade: [A, C] }'],
      '3:21: no lead in nurture is A: A and B go to sales. Name C or D.',
    ],
    ['of grade B', ['{ grade: B }'], '3:13: no lead in nurture is B'],
    ['of no grade', ['{ grade: E }'], '3:13: "segments.1.when.grade" is "E"'],
    [
      'of both grades',
      ['{ grade: [C, D] }'],
      '3:13: every lead in nurture is C or D, so this asks for nothing: leave it out.',
    ],
    [
      'of a number that is none',
      ['{ employees: [many] }'],
      '3:25: no number of employees is "many": write a number, or a range',
    ],
    ['of an empty range', ['{ employees: 200-50 }'], 'no number of employees is "200-50"'],
    ['of fewer than none', ['{ employees: "< 0" }'], 'no number of employees is "< 0"'],
    [
      'of a country in words',
      ['{ country: [DE, Austria] }'],
      '3:27: no lead\'s country is "Austria": countries are told by their two letters, here AT.',
    ],
    [
      'of whom the agreement disqualifies',
      ['{ title: [student, senior intern] }'],
      '3:13: the agreement disqualifies every lead whose title is "student" or "senior intern"',
    ],
    [
      'that repeats another',
      ['{ industry: retail }', '{ industry: Retail }'],
      '6:5: "s0" takes every lead that "s1" would, so "s1" never has one: put it before "s0", or take it out.',
    ],
    [
      'behind a wider list',
      ['{ industry: [retail, banking] }', '{ industry: banking }'],
      '6:5: "s0" takes every lead',
    ],
    [
      'behind a wider pattern',
      ['{ title: "* manager" }', '{ title: ["plant manager", "vp * manager"] }'],
      '6:5: "s0" takes',
    ],
    [
      'behind a wider range of several',
      ['{ employees: [10-100, 101-200] }', '{ employees: [50-150, 10-20] }'],
      '6:5: "s0" takes',
    ],
    [
      'behind one that asks for less',
      ['{ grade: D }', '{ industry: retail, grade: D }'],
      '6:5: "s0" takes',
    ],
    [
      'behind one that asks for it less often',
      [
        '{ engaged: { event: page, within: 90d } }',
        '{ engaged: { event: pricing page, at_least: 2, within: 30d } }',
      ],
      '6:5: "s0" takes',
    ],
    [
      'behind more reasons',
      ['{ rejected_for: [not now, unreachable] }', '{ rejected_for: not now }'],
      '6:5: "s0" takes',
    ],
    [
      'not next to it',
      ['{ source: "fair*" }', '{ grade: D }', '{ source: fair 2026, country: DE }'],
      '9:5: "s0" takes',
    ],
  ])('%s', (_which, conditions, told) => {
    expect(complaint(file(...conditions))).toContain(told);
  });

  it.each([
    [
      'whose sequence there is none of',
      file('{ grade: D }').replace('c-nurture', 'c-nuture'),
      '4:16: there is no sequence "c-nuture". Did you mean "c-nurture"?',
    ],
    [
      'of another’s name',
      file('{ grade: D }', '{ grade: C }').replace('s1', 's0'),
      '5:5: The segment "s0" is listed twice.',
    ],
    [
      'behind everyone',
      `segments:\n${rest.replace('rest', 'all')}${rest}`,
      '2:5: "all" has no "when" and takes everyone, so nothing after it is ever reached; put it last.',
    ],
    [
      'that leaves leads without one',
      `segments:\n  - name: a\n    when: { grade: D }\n${nurture}\n`,
      '3:5: The last segment must take everyone',
    ],
    [
      'that moves perhaps',
      file('{ grade: D }').replace('    when', '    move: maybe\n    when'),
      '3:5: "segments.1.move" is "maybe", but must be one of yes, no.',
    ],
  ])('%s', (_which, text, told) => {
    expect(complaint(text)).toContain(`f.yaml:${told}`);
  });

  it('but not for what only might hide another', () => {
    const might: [string, string][] = [
      ['{ industry: retail }', '{ industry: [retail, banking] }'],
      ['{ employees: 10-100 }', '{ employees: 50-101 }'],
      ['{ title: "* manager" }', '{ title: "manager *" }'],
      ['{ title: "plant manager" }', '{ title: "plant*" }'],
      ['{ grade: D }', '{ industry: retail }'],
      [
        '{ engaged: { event: pricing page, within: 90d } }',
        '{ engaged: { event: page, within: 30d } }',
      ],
      ['{ engaged: { event: page, within: 30d } }', '{ engaged: { event: page, within: 60d } }'],
      [
        '{ engaged: { event: page, at_least: 2, within: 30d } }',
        '{ engaged: { event: page, within: 30d } }',
      ],
      ['{ source: fair }', '{ industry: fair }'],
    ];
    for (const conditions of might)
      expect([conditions, complaint(file(...conditions))]).toEqual([conditions, '']);
  });
});

it('reads the example of the guide', () => {
  const [, example = ''] =
    /```yaml\n(.*?)```/s.exec(readFileSync('docs/segments.md', 'utf8')) ?? [];
  const published = [...sequences, 'price-talk', 'stay-in-touch'];
  const { segments } = readSegments('segments.md', example, published, agreement);
  expect(segments.map(({ name }) => name)).toHaveLength(4);
});
