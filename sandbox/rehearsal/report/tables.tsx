import { NumbersTable } from '../../../charts/numbers-table.tsx';
import { counted, sumOf, type Counts } from '../counts.ts';
import type { Week } from '../days.ts';
import { stages, type FunnelDay } from '../funnel.ts';
import { finalGrade, standings, type LeadLine } from './lead-lines.ts';
import type { RehearsalReport } from './report.ts';

/** The figures of the pictures, to be read and copied. */
export function Tables({
  report,
  funnel,
  lines,
  idOf,
}: {
  report: RehearsalReport;
  funnel: readonly FunnelDay[];
  lines: readonly LeadLine[];
  idOf: (lead: string) => string;
}): string {
  const { days, weeks } = report;
  return (
    <>
      <h2 id="tables">Tables</h2>
      <NumbersTable
        title="By week"
        head={['Week', 'escalations', 'capacity']}
        rows={weeks.map(week)}
        open
      />
      <NumbersTable
        title="By day"
        head={['Day', ...counted, ...standings]}
        rows={[
          ...days.map(day => [day.date, ...row(day), ...standings.map(grade => day.grades[grade])]),
          ['In all', ...row(sumOf(days)), ...standings.map(() => '')],
        ]}
      />
      <NumbersTable
        title="Leads by stage, so far"
        head={['Day', ...stages]}
        rows={funnel.map(day => [day.date, ...stages.map(stage => day[stage])])}
      />
      <NumbersTable
        title="By lead"
        head={['Lead', 'grade', 'mails', 'clicks', 'escalations', 'accepted', 'rejected']}
        rows={lines.map(line => [
          line.lead,
          finalGrade(line),
          ...[line.mails, line.clicks, line.escalations.length, line.accepted, line.rejected],
        ])}
        ids={lines.map(({ lead }) => idOf(lead))}
      />
    </>
  ) as string;
}

function row(counts: Counts): number[] {
  return counted.map(what => counts[what]);
}

function week({ week, escalations, capacity }: Week): (string | number)[] {
  return [week, escalations, capacity ?? 'without limit'];
}
