import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { changeInWords, changesBetween } from '../../../domain/agreement/diff.ts';

const shipped = readFileSync('agreement/agreement.yaml', 'utf8');
const segments = readFileSync('agreement/segments.yaml', 'utf8');

/** What a text with some of it changed says differently, in words. */
function told(text: string, from: string | RegExp, to: string): string[] {
  const after = text.replace(from, to);
  expect(after).not.toBe(text);
  return changesBetween(parse(text), parse(after)).map(changeInWords);
}

describe('what an agreement says differently than another', () => {
  it.each([
    ['a number', 'weight: 35', 'weight: 40', ['fit › title › weight: 40 instead of 35']],
    ['a comment', '# sales', '# Sales', []],
    ['layout', '{ high: 75, middle: 50, low: 25 }', '{high: 75,   middle: 50, low: 25}', []],
    [
      'what is new',
      'points: { click: 5 }',
      'points: { click: 5, open: 1 }',
      ['engagement › email › points › open: now 1'],
    ],
    [
      'what is gone',
      'points: { page: 1, pricing page: 10 }',
      'points: { pricing page: 10 }',
      ['engagement › web › points › page: no longer 1'],
    ],
    [
      'members of a list, whatever their order',
      '[ceo, coo, cto,',
      '[cto, ceo, cfo,',
      ['fit › title › gives › 100: cfo instead of coo'],
    ],
    [
      'the grades of a row, each at its place',
      'A: [A, A, B, C]',
      'A: [A, A, C, C]',
      ['grade › matrix › A: A, A, C, C instead of A, A, B, C'],
    ],
    [
      'a whole part, line by line',
      '  career: {',
      '  chat: { window: 5d, points: { chat: 3 } }\n  career: {',
      ['engagement › chat › window: now 5d', 'engagement › chat › points › chat: now 3'],
    ],
    [
      'the order of descriptions of events, of which the first that fits counts',
      /( {2}demo form:.*\n)( {2}contact form:.*\n)/,
      '$2$1',
      [
        'events › order: pricing page, careers page, contact form, demo form, guide, webinar attended instead of pricing page, careers page, demo form, contact form, guide, webinar attended',
      ],
    ],
  ])('%s', (_, from, to, says) => {
    const text = from === '# sales' ? `# sales\n${shipped}` : shipped;
    expect(told(text, from, to)).toEqual(says);
  });

  it('segments are told apart by their names, and their order counts', () => {
    expect(told(segments, '[manufacturing, logistics]', '[manufacturing]')).toEqual([
      'segments › makers and movers › when › industry: no longer logistics',
    ]);
    const turned = parse(segments) as { segments: unknown[] };
    turned.segments.reverse();
    expect(changesBetween(parse(segments), turned).map(changeInWords)).toEqual([
      'segments › order: everyone else, makers and movers instead of makers and movers, everyone else',
    ]);
  });

  it('nothing, between any document and itself; and something, as soon as a value differs', () => {
    const value = fc.letrec(tie => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        fc.dictionary(fc.string({ minLength: 1 }), tie('node'), { maxKeys: 4 }),
        fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, one => {
        expect(changesBetween(one, one)).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer(), { minKeys: 1 }), before => {
        const [name = ''] = Object.keys(before);
        const after = { ...before, [name]: (before[name] ?? 0) + 1 };
        expect(changesBetween(before, after)).toHaveLength(1);
      }),
    );
  });
});
