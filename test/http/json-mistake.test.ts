import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMistake } from '../../http/json-mistake.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a mistake in JSON', () => {
  it('is found in just those texts that are none', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      ' ',
      '\n',
      '"a"',
      '"\\n"',
      '"\\x"',
      '1',
      '-0.5e3',
      '01',
      '.5',
      'true',
      'nul',
      'null',
      '\t',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), parts => {
        const text = parts.join('');
        expect(jsonMistake(text) === null).toBe(isJson(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is in none of what is written as JSON, and in what is cut off is at its end', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, isPretty) => {
        const whole = isPretty ? JSON.stringify(JSON.parse(text), null, 2) : text;
        expect(jsonMistake(whole)).toBeNull();
        const list = `[${whole}`;
        expect(jsonMistake(list)).toEqual({
          line: list.split('\n').length,
          column: (list.split('\n').at(-1)?.length ?? 0) + 1,
        });
      }),
    );
  });

  it('is found in a body as large as one may be, at once', () => {
    const begun = performance.now();
    expect(jsonMistake(`["${'x'.repeat(1_000_000)}", oops]`)).toEqual({
      line: 1,
      column: 1_000_006,
    });
    expect(jsonMistake('['.repeat(1_000_000))).toEqual({ line: 1, column: 1_000_001 });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
