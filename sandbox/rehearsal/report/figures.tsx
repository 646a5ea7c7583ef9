import { stages, type FunnelDay } from '../funnel.ts';
import { funnelChart } from './charts/funnel.ts';
import { gradesChart } from './charts/grades.ts';
import { leadsChart } from './charts/leads.ts';
import { weeksChart } from './charts/weeks.ts';
import { Figure } from '../../../charts/figure.tsx';
import { drawnLines, standings, type LeadLine } from './lead-lines.ts';
import type { RehearsalReport } from './report.ts';

/** More rows than this nobody looks through. */
const mostLines = 400;

/** The program as a whole, over time. */
export function ProgramFigures({
  report,
  funnel,
}: {
  report: RehearsalReport;
  funnel: readonly FunnelDay[];
}): string {
  const { days, weeks } = report;
  return (
    <>
      <Figure
        title="From mail to sales"
        legend={stages.map(stage => [`stage-${stage}`, `${stage} ${funnel.at(-1)?.[stage] ?? 0}`])}
        draw={width => funnelChart(funnel, width)}
      >
        Leads that have come so far, each counted once. Who goes to sales at once gets no mail
        before.
      </Figure>
      <Figure
        title="Grades over time"
        legend={standings.map(grade => [
          `grade-${grade}`,
          `${grade} ${days.at(-1)?.grades[grade] ?? 0}`,
        ])}
        draw={width => gradesChart(days, width)}
      >
        Leads in each grade at the end of the day. A and B are for sales, C and D are nurtured.
      </Figure>
      <Figure
        title="Escalations and room for them"
        legend={[
          ['stage-escalated', 'escalations'],
          ['over', 'over capacity'],
          ['capacity', capacityInWords(report)],
        ]}
        draw={width => weeksChart(weeks, width)}
      >
        By calendar week. The first and the last one may be parts of weeks.
      </Figure>
    </>
  ) as string;
}

/** Every lead on its own. */
export function LeadsFigure({
  report,
  lines,
  idOf,
}: {
  report: RehearsalReport;
  lines: readonly LeadLine[];
  idOf: (lead: string) => string;
}): string {
  const drawn = drawnLines(lines, mostLines);
  return (
    <Figure
      title="Each lead"
      legend={[
        ...standings.map(grade => [`grade-${grade}`, grade] as const),
        ['escalation', 'dot: escalation'],
      ]}
      draw={width => leadsChart(drawn, report, idOf, width)}
      skipTo="tables"
    >
      <span safe>
        {drawn.length === lines.length
          ? 'Every lead is a row.'
          : `${drawn.length} of ${lines.length.toLocaleString('en')} leads, evenly taken from each grade.`}
      </span>{' '}
      Point at a row to see whose it is; follow it to the lead’s figures.
    </Figure>
  ) as string;
}

function capacityInWords({ weeks }: RehearsalReport): string {
  const capacity = weeks[0]?.capacity ?? null;
  return capacity === null ? 'no capacity is agreed' : `the reps’ capacity, ${capacity} a week`;
}
