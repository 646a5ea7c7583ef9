import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { day, plus } from '../../../domain/instant.ts';
import { figure } from '../../../sandbox/rehearsal/findings/finding.ts';
import { summaryTable } from '../../../sandbox/rehearsal/summary.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, aReport, aTold } from './told.ts';

const context = aContext();
const said = (...of: Parameters<typeof aReport>) =>
  stripVTControlCharacters(summaryTable(aReport(...of)));

describe('the summary', () => {
  it('has a row for each month, then the sums, the grades and the findings', () => {
    const told = madeUpProgram(7, 240, context.from, context.to);
    const text = said(told, context);
    const table = text.split('\n').filter(line => line.startsWith('│'));
    expect(table.map(line => line.split('│')[1]?.trim())).toEqual([
      ...['', 'Mar 2026', 'Apr 2026', 'May 2026', 'in all'],
    ]);
    expect(table.at(-1)).toContain(String(told.mails.length));
    expect(Math.max(...table.map(line => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/At the end: A \d+, B \d+, C \d+, D \d+, ungraded 0\./);
    expect(text).toMatch(/^! Of \d+ mails nobody knows/m);
    expect(text).toMatch(/^✔ \d+ leads came to sales/m);
    expect(text).toContain('Seed 7, digest ');
  });

  it('has a row for each week of a short rehearsal', () => {
    const text = said(aTold(), { ...context, to: plus(context.from, 13 * day) });
    expect(text).toMatch(/2026-W10.*\n.*2026-W11.*\n.*in all/);
  });

  it('tells of ten findings, and of how many more there are', () => {
    const findings = Array.from({ length: 12 }, (_, n) => figure('rule', n, `Number ${n}.`, []));
    const text = said(aTold(), context, { findings });
    expect(text.match(/Number/g)).toHaveLength(10);
    expect(text).toContain('2 more findings are in the report.');
  });
});
