import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../domain/document/read.ts';
import {
  comparisonOf,
  splitResult,
  type Measure,
  type SplitResult,
} from '../../../domain/review/variant-results.ts';
import {
  liftInWords,
  measureInWords,
  splitFindings,
} from '../../../domain/review/variant-words.ts';
import { planOf } from '../../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';
import { splitContent, splitsOf } from '../../../domain/sequence/splits.ts';

/** What variants of one weight brought, each given as how many of how many. */
function brought(
  counts: Record<string, readonly [reached: number, settled: number]>,
  measure?: Measure,
  weights: Record<string, number> = {},
): SplitResult {
  const variants = Object.keys(counts).map(variant => ({ variant, weight: weights[variant] ?? 1 }));
  const split = { split: 'hello', of: 'mail' as const, variants };
  const tallies = Object.entries(counts).map(([variant, [reached, settled]]) => ({
    ...{ variant, exposed: settled, settled, reached },
  }));
  return splitResult(split, comparisonOf(split, { measure }), tallies);
}

describe('what variants brought', () => {
  it('is compared by clicks; by escalations with a hold-out, which no clicks can be held against', () => {
    const clicks = brought({ a: [40, 500], b: [90, 500] });
    expect(clicks).toMatchObject({ measure: 'clicked', withinDays: 7, against: 'a', winner: 'b' });
    expect(splitFindings(clicks)).toEqual([
      'b has won: clicked: b 18.0 %, against a 8.0 %. That holds at any look.',
    ]);
    const [, b] = clicks.variants;
    expect(b?.lift?.difference).toBeCloseTo(0.1);
    expect(b?.lift?.relative).toBeCloseTo(1.25);
    if (b?.lift) expect(liftInWords(b.lift)).toMatch(/^\+125 % \(\+3\.\d to \+16\.\d\)$/);
    const held = brought({ a: [40, 500], hold_out: [20, 500] });
    expect(held).toMatchObject({ measure: 'escalated', against: 'hold_out', leader: 'a' });
    const anyway = brought({ a: [40, 500], b: [90, 500], hold_out: [0, 500] }, 'clicked');
    expect(anyway).toMatchObject({ against: 'a', winner: 'b' });
    expect(anyway.variants[2]).toMatchObject({ exposed: 500, share: null, lift: null });
    const won = brought({ a: [4, 500], b: [9, 500] }, 'won');
    expect(measureInWords(won)).toBe(
      'went to sales within 7 days, and were won; of leads who came at least 97 days ago',
    );
  });

  it('has no winner while it could be chance, and says how many leads it takes', () => {
    const result = brought({ a: [40, 500], b: [60, 500] });
    expect(result).toMatchObject({ leader: 'b', winner: null });
    expect(splitFindings(result)[0]).toMatch(
      /^No winner yet\. b is ahead: clicked: b 12\.0 %, against a 8\.0 %\. If it stays so, about [\d,]+00 more leads are likely needed; half of such tests need fewer\.$/,
    );
    expect(splitFindings(brought({ a: [0, 0], b: [0, 0] }))).toEqual([
      'No winner yet: no lead has had its time so far.',
    ]);
    expect(splitFindings(brought({ a: [4, 40], b: [4, 40] }))).toEqual([
      'No winner yet: the best are the same so far.',
    ]);
    expect(splitFindings(brought({ a: [4_000, 40_000], b: [4_001, 40_000] }))[0]).toContain(
      'a million leads would not tell',
    );
  });

  it('needs the winner to be better than each other, and more so the more there are', () => {
    // Both are better than the first; of the two nobody knows.
    expect(brought({ a: [40, 500], b: [100, 500], c: [104, 500] })).toMatchObject({
      ...{ leader: 'c', winner: null },
    });
    const pair = brought({ a: [40, 500], b: [77, 500] });
    expect(pair.winner).toBe('b');
    expect(brought({ a: [40, 500], b: [77, 500], c: [40, 500], d: [40, 500] }).winner).toBeNull();
  });

  it('says when those who get nothing do best, and when something decides beside chance', () => {
    const nothing = brought({ a: [40, 500], hold_out: [90, 500] });
    expect(nothing.winner).toBe('hold_out');
    expect(splitFindings(nothing)[0]).toContain('Those who get nothing do best');
    const off = brought({ a: [40, 600], b: [90, 400] });
    expect(off).toMatchObject({ leader: 'b', winner: null });
    expect(splitFindings(off)).toEqual([
      expect.stringMatching(
        /fall to the variants as the weights say: a 600, b 400, where 500, 500/,
      ),
      'No winner, because of that.',
    ]);
    const weighed = brought({ a: [40, 600], b: [90, 400] }, 'clicked', { a: 3, b: 2 });
    expect(weighed.sampleRatio).toMatchObject({ isOff: false, expected: [600, 400] });
  });
});

describe('the splits of a plan', () => {
  const yaml = (weight: number, first = '1 day', inside = '2 days') => `
goal: x
owner: nora
steps:
  - wait: ${first}
  - mail: hello
    subject: Hello
    preheader: Hello
    variants: { plain: { weight: 1 }, hold_out: { weight: 1 }, bold: { weight: 1, subject: Bold } }
  - split: pace
    paths:
      slow:
        weight: ${weight}
        steps:
          - wait: ${inside}
          - { mail: more, subject: More, preheader: More }
      none: { weight: 1 }
  - { mail: last, subject: Last, preheader: Last }
`;
  const content = (text: string, html = 'one') => ({
    plan: planOf(readDocument('sequence.yaml', text, sequenceSchema).value),
    mails: { more: { html } },
  });

  it('are variants of mails, and paths', () => {
    expect(splitsOf(content(yaml(2)).plan)).toEqual([
      {
        ...{ split: 'hello', of: 'mail', from: 1, to: 7 },
        variants: ['plain', 'hold_out', 'bold'].map(variant => ({ variant, weight: 1 })),
      },
      {
        ...{ split: 'pace', of: 'paths', from: 7, to: 12 },
        variants: [
          { variant: 'slow', weight: 2 },
          { variant: 'none', weight: 1 },
        ],
      },
    ]);
  });

  it('are the same in another version unless a weight, a step or a mail in them has changed', () => {
    const told = (text: string, html?: string) => {
      const version = content(text, html);
      const pace = splitsOf(version.plan).find(({ split }) => split === 'pace') ?? expect.fail();
      return splitContent(version, pace);
    };
    const same = told(yaml(2));
    expect(told(yaml(2).replace('  - wait: 1 day\n', ''))).toBe(same);
    for (const other of [told(yaml(3)), told(yaml(2, '1 day', '3 days')), told(yaml(2), 'two')])
      expect(other).not.toBe(same);
  });
});
