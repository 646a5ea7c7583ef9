import { describe, expect, it } from 'vitest';
import { runHere } from './run.ts';

describe('lockstep sequence lint', () => {
  it('finds nothing in what is shipped, and says so to people and to programs', async () => {
    const said = await runHere(['sequence', 'lint'], {});
    expect(said).toMatchObject({ code: 0, error: '' });
    expect(said.out).toMatch(/^✔ c-nurture, .+: nothing wrong\.\n$/);
    const json = await runHere(['sequence', 'lint', 'c-nurture', '--json'], {});
    expect(JSON.parse(json.out)).toEqual([]);
    const sarif = await runHere(['sequence', 'lint', 'c-nurture', '--sarif'], {});
    expect(JSON.parse(sarif.out)).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] });
  });

  it('says which sequence was meant, at its place, and ends with 1', async () => {
    const { code, out, error } = await runHere(['sequence', 'lint', 'c-nuture'], {});
    expect(code).toBe(1);
    expect(out).toContain('error there is no sequence "c-nuture". Did you mean "c-nurture"?');
    expect(error).toBe('✘ 1 error in c-nuture.\n');
  });

  it('explains a rule, or names the nearest', async () => {
    const { out } = await runHere(['sequence', 'lint', '--explain', 'counted-link'], {});
    expect(out).toContain('counted-link (error)');
    expect(out).toContain('right: <a href="{{ links.stay }}" clicktracking="off">');
    expect(out).toContain('--fix adds clicktracking="off"');
    const none = await runHere(['sequence', 'lint', '--explain', 'counted-lnik'], {});
    expect(none).toMatchObject({ code: 1 });
    expect(none.error).toContain('Did you mean "counted-link"?');
  });
});
