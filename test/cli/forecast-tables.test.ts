import { afterEach, describe, expect, it, vi } from 'vitest';
import { tellForecast } from '../../cli/forecast-tables.ts';
import { Terminal } from '../../cli/terminal.ts';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { shareOf } from '../../domain/review/intervals.ts';
import { aForecast } from '../made-up-forecast.ts';

afterEach(() => vi.restoreAllMocks());

/** What people read, without colors. */
function told(forecast: Forecast): string {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.push(String(text));
    return true;
  });
  tellForecast(new Terminal(false), forecast);
  // eslint-disable-next-line no-control-regex -- colors are control characters
  return written.join('').replaceAll(/\u001b\[\d+m/g, '');
}

const widest = (text: string) => Math.max(...text.split('\n').map(line => line.length));

describe('a forecast in a terminal', () => {
  const forecast = aForecast(300);

  it('says what moves, what comes each week, what fits and what to beware of', () => {
    const text = told(forecast);
    expect(text).toContain('drafts/agreement.yaml beside version 3, which is in force');
    expect(text).toContain(`${forecast.better} leads would be graded better`);
    for (const { week } of forecast.weeks) expect(text).toContain(week);
    expect(text).toContain('The reps can take 14 a week.');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(forecast.notes[0]?.replaceAll(/\s+/g, ' '));
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  it('stays within 80 columns, also with leads by the hundred thousand', () => {
    const many = shareOf(43_210, 98_765);
    const reached = { leads: 98_765, active: many, draft: many };
    const handed = {
      leads: 98_765,
      wanted: 43_210,
      unwanted: 55_555,
      pending: 12_345,
      share: many,
    };
    const { outcomes } = forecast;
    const large = {
      ...forecast,
      outcomes: {
        byKind: outcomes.byKind.map(row => ({ ...row, ...reached })),
        ...{ wanted: reached, unwanted: reached, handedOver: { active: handed, draft: handed } },
      },
    };
    expect(widest(told(large))).toBeLessThanOrEqual(80);
    expect(widest(told(forecast))).toBeLessThanOrEqual(80);
  });
});
