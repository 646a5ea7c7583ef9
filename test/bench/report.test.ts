import { describe, expect, it } from 'vitest';
import { median, percentile, report, type Figure } from './report.ts';

const machine = { cpu: 'a processor', cores: 2, memoryGb: 8, node: '20.19.0' };
const rate: Figure = {
  scenario: 'steps',
  what: 'steps a second',
  values: [60, 90, 50],
  bare: [100, 100, 100],
  better: 'higher',
  line: 0.6,
};

function row(figure: Figure): string {
  return (
    report({ machine, figures: [figure] })
      .split('\n')
      .at(-1) ?? ''
  );
}

describe('a figure', () => {
  it('is the median of the ratios of pairs, and keeps to its line or not', () => {
    expect(row(rate)).toContain('| 60.00 (50.00 to 90.00) | 100 (100 to 100) | 0.60 | ≥ 0.60 ✔ |');
    expect(row({ ...rate, values: [60, 90, 50], bare: [110, 100, 100] })).toContain('| 0.55 |');
    expect(row({ ...rate, bare: [110, 100, 100] })).toContain('✘');
  });

  it('without a bare one keeps to its line by itself, downwards where less is better', () => {
    const { bare, ...alone } = rate;
    expect(bare).toHaveLength(3);
    expect(row({ ...alone, better: 'lower', line: 60 })).toContain('≤ 60.00 ✔');
    expect(row({ ...alone, better: 'lower', line: 59 })).toContain('✘');
  });

  it('without a line has no verdict', () => {
    const { line, ...open } = rate;
    expect(line).toBe(0.6);
    expect(row(open)).not.toMatch(/[✔✘]/);
  });
});

describe('of many values', () => {
  it('the median is the one in the middle, or between the two there', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('a percentile is a value that was measured (nearest rank)', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.01)).toBe(7);
  });
});
