import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { day, plus } from '../../../domain/instant.ts';
import { figure } from '../../../sandbox/rehearsal/findings/finding.ts';
import { summaryTable } from '../../../sandbox/rehearsal/summary.ts';
import { madeUpProgram } from './made-up-program.ts';
import { aContext, anAnswer, anEnrollment, anEscalation, aReport, aTold } from './told.ts';

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

  it('tells of the loop: what sales did, why leads came back, and which of them crossed again', () => {
    const on = (days: number) => plus(context.from, days * day);
    const told = aTold({
      escalations: [1, 9].map(days => anEscalation({ at: on(days) })),
      answers: [
        anAnswer({ at: on(2), kind: 'rejected', reason: 'not now' }),
        anAnswer({ at: on(10) }),
        anAnswer({ at: on(11), kind: 'contacted' }),
        anAnswer({ at: on(15), kind: 'qualified' }),
        anAnswer({ at: on(30), kind: 'won' }),
      ],
      enrollments: [anEnrollment({ at: on(2), sequence: 'stay-in-touch' })],
    });
    expect(said(told, context)).toContain(
      'The loop: 2 handed to sales, 1 accepted, 1 contacted, 1 qualified, 1 won, 0 lost, 1 rejected, ' +
        '1 back in nurture, 1 crossed again. Rejected for: not now 1.',
    );
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
