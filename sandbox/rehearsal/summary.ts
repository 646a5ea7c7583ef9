import Table from 'cli-table3';
import { DateTime, Duration } from 'luxon';
import colors from 'picocolors';
import { counted, sumOf, type Counts } from './counts.ts';
import { noGrades, type Day } from './days.ts';
import { loopCounts, loopInWords } from './loop.ts';
import type { RehearsalReport } from './report/report.ts';

/** More findings than this stand in the report alone. */
const mostFindings = 10;
/** Up to so many days a row is a week, beyond it a month. */
const mostDaysByWeek = 45;

/** The rehearsal for a terminal of 80 columns: what happened when, the grades at the end, the findings. */
export function summaryTable(report: RehearsalReport): string {
  const { days, told, from, to, findings, seed, digest, tookMs, forwards } = report;
  const table = new Table({
    head: ['', ...counted].map(name => colors.dim(name)),
    colAligns: ['left', ...counted.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, part] of partsOf(days)) table.push([name, ...figures(sumOf(part))]);
  table.push(['in all', ...figures(sumOf(days))].map(text => colors.bold(text)));
  const grades = Object.entries(days.at(-1)?.grades ?? noGrades());
  return [
    table.toString(),
    `At the end: ${grades.map(([grade, leads]) => `${grade} ${leads.toLocaleString('en')}`).join(', ')}.`,
    loopInWords(loopCounts(told, from, to)),
    '',
    ...findings
      .slice(0, mostFindings)
      .map(({ isFault, text }) => `${isFault ? colors.yellow('!') : colors.green('✔')} ${text}`),
    ...(findings.length > mostFindings
      ? [colors.dim(`${findings.length - mostFindings} more findings are in the report.`)]
      : []),
    '',
    colors.dim(
      `Seed ${seed}, digest ${digest}. Played in ${Duration.fromMillis(tookMs).toFormat("m 'min' s 's'")}: ${forwards.toLocaleString('en')} wake-ups, ${Math.round(forwards / (tookMs / 1_000))} a second.`,
    ),
  ].join('\n');
}

function figures(counts: Counts): string[] {
  return counted.map(what => counts[what].toLocaleString('en'));
}

/** The days of each month, or of each week where they are few; in order, by what a row is called. */
function partsOf(days: readonly Day[]): Map<string, Day[]> {
  const name = days.length > mostDaysByWeek ? 'LLL yyyy' : "kkkk-'W'WW";
  const parts = new Map<string, Day[]>();
  for (const day of days) {
    const part = DateTime.fromISO(day.date, { zone: 'utc', locale: 'en' }).toFormat(name);
    parts.set(part, [...(parts.get(part) ?? []), day]);
  }
  return parts;
}
