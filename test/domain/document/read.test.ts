import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAgreement } from '../../../domain/agreement/agreement.ts';
import { readSegments } from '../../../domain/agreement/read-segments.ts';
import { DocumentError } from '../../../domain/document/problem.ts';
import { readPeople } from '../../../domain/escalation/schema.ts';
import { theAgreement } from '../facts.ts';

const sequences = ['c-nurture', 'd-long-cycle', 'problem-education', 'referral', 'stay-in-touch'];
const agreement = readFileSync('agreement/agreement.yaml', 'utf8');
const segments = readFileSync('agreement/segments.yaml', 'utf8');
const people = readFileSync('agreement/people.yaml', 'utf8');

const readers = {
  agreement: (text: string) => readAgreement('f.yaml', text, sequences),
  segments: (text: string) => readSegments('f.yaml', text, sequences, theAgreement()),
  people: (text: string) => readPeople('f.yaml', text),
};
const texts = { agreement, segments, people };

function complaint(kind: keyof typeof readers, text: string): string {
  try {
    readers[kind](text);
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  return '';
}

/** The line on which a text stands, counted from 1. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('a document', () => {
  it('of this repository can be read', () => {
    for (const kind of ['agreement', 'segments', 'people'] as const)
      expect(complaint(kind, texts[kind])).toBe('');
  });

  // What is changed, to what, and what the reader is told; the place is that of the change.
  it.each([
    ['agreement', 'weight: 35', 'wieght: 35', '"wieght" is not known here. Did you mean "weight"?'],
    ['agreement', 'weight: 35', 'weight: -1', '"fit.title.weight" is -1'],
    ['agreement', 'weight: 35', 'weight: heavy', 'must be a number'],
    ['agreement', 'hysteresis: 5', 'hysterisis: 5', 'Did you mean "hysteresis"?'],
    ['agreement', 'industry:\n', 'industri:\n', 'Did you mean "industry"?'],
    ['agreement', 'high: 75, middle: 50', 'high: 50, middle: 75', 'cuts must fall'],
    ['agreement', 'A: [A, A, B, C]', 'A: [A, A, B]', 'a row needs four grades'],
    ['agreement', 'A: [A, A, B, C]', 'A: [A, A, B, E]', 'must be one of A, B, C, D'],
    [
      'agreement',
      'cap: 30, window: 30d, points: { click',
      'cap: 30, window: soon, points: { click',
      'a duration is written like "30d"',
    ],
    ['agreement', 'pricing page: 10 }', 'prizing page: 10 }', 'Did you mean "pricing page"?'],
    [
      'agreement',
      'demo form: 50, contact form',
      'page: 50, contact form',
      '"page" has points in another group already',
    ],
    [
      'agreement',
      'events: [demo form, contact form]',
      'events: [demo from, contact form]',
      'Did you mean "demo form"?',
    ],
    [
      'agreement',
      'careers page: { page: ["/careers*", "/jobs*"] }',
      'careers page: { pages: ["/careers*"] }',
      'pages',
    ],
    [
      'agreement',
      '4 working hours, B: 1 working day }\n  first',
      '4 hours, B: 1 working day }\n  first',
      'working time is written like',
    ],
    ['agreement', 'days: tue-thu', 'days: tue-xyz', 'days are written like'],
    ['agreement', 'from: 09:00, to: 16:00', 'from: 19:00, to: 16:00', '"from" must be before "to"'],
    [
      'agreement',
      'from: 09:00\n  to: 17:30',
      'from: 9am\n  to: 17:30',
      'a time is written like "09:30"',
    ],
    ['agreement', 'zone: Europe/Berlin', 'zone: Europe/Berln', 'a time zone is written like'],
    ['agreement', 'cap: 2 mails a week', 'cap: two mails', 'a cap is written like'],
    [
      'agreement',
      'not now: { track: stay-in-touch, asks: date, lead_in: 14 days }',
      'not now: { track: stay-in-tuch, asks: date }',
      'Did you mean "stay-in-touch"?',
    ],
    [
      'agreement',
      'not now: { track: stay-in-touch, asks: date, lead_in: 14 days }',
      'not now: {}',
      'must say what follows',
    ],
    ['agreement', 'suppress: yes', 'suppress: maybe', 'must be one of yes, no.'],
    ['agreement', 'name: Northwind', 'name: &x Northwind', ''],
    ['agreement', 'hysteresis: 5', 'hysteresis: 5\n  hysteresis: 6', 'Map keys must be unique'],
    ['agreement', '  hysteresis: 5', '\thysteresis: 5', 'Indent with spaces'],
    ['agreement', 'disqualified:', 'disqualified: { title: [ }\nx:', 'this is no YAML'],
    ['segments', 'C: c-nurture', 'C: c-nurtur', 'Did you mean "c-nurture"?'],
    ['segments', 'when: { industry', 'when: { industri', 'Did you mean "industry"?'],
    ['segments', 'name: makers and movers', 'name: everyone else', 'is listed twice'],
    ['segments', 'name: makers and movers', 'name: the "big" ones', 'has neither " nor'],
    [
      'segments',
      '    when: { industry: [manufacturing, logistics] }\n',
      '',
      'takes everyone, so nothing after it',
    ],
    ['people', 'role: manager', 'role: boss', 'must be one of marketer, rep'],
    ['people', 'key: emil', 'key: lena', 'used twice'],
    ['people', 'emil@northwind.example', 'LENA@northwind.example', 'belongs to another person'],
    ['people', 'emil@northwind.example', 'emil', 'no @'],
    ['people', 'capacity: 12 a week', 'capacity: 0 a week', 'a capacity is written like'],
    ['people', ', catch_all: yes', '', 'Nobody is the catch-all owner'],
    ['people', 'capacity: 12 a week }', 'catch_all: yes }', 'Only one person can be'],
  ] as const)('%s: %j as %j is told', (kind, part, changed, told) => {
    const text = texts[kind].replace(part, changed);
    expect(text).not.toBe(texts[kind]);
    const message = complaint(kind, text);
    expect(message).toContain(told);
    if (told !== '') expect(message).toMatch(/^f\.yaml:\d+:\d+: /);
  });

  it('is complained of at its line and column', () => {
    const text = agreement.replace('weight: 35', 'wieght: 35');
    const line = lineOf(text, 'wieght');
    expect(complaint('agreement', text)).toContain(`f.yaml:${line}:5: "wieght"`);
  });

  it('with several mistakes is told all of them at once', () => {
    const text = agreement
      .replace('weight: 35', 'weight: 0')
      .replace('hysteresis: 5', 'hysteresis: 500');
    expect(complaint('agreement', text).split('\n')).toHaveLength(2);
  });

  it('cannot be made endless by references', () => {
    expect(complaint('agreement', 'name: &a [*a]')).toContain('repeats another part by reference');
    const bomb = 'a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]';
    expect(complaint('agreement', bomb)).toContain('repeats another part by reference');
  });

  it('that is empty, or a list, or binary is refused in words', () => {
    expect(complaint('agreement', '')).toContain('the document');
    expect(complaint('agreement', '- a')).toContain('the document');
    expect(complaint('people', '\u0000\u0001')).not.toBe('');
  });
});
