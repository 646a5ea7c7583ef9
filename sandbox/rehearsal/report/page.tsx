import { DateTime, Duration } from 'luxon';
import { oneFile } from '../../../charts/one-file.tsx';
import { NumbersTable } from '../../../charts/numbers-table.tsx';
import { sumOf } from '../counts.ts';
import type { Finding } from '../findings/finding.ts';
import { funnelOf } from '../funnel.ts';
import { loopCounts } from '../loop.ts';
import { LeadsFigure, ProgramFigures } from './figures.tsx';
import { leadLinesOf } from './lead-lines.ts';
import type { RehearsalReport } from './report.ts';
import { Tables } from './tables.tsx';

/** One file that holds all it needs: to be opened, mailed or kept, without a server and without scripts. */
export function reportHtml(report: RehearsalReport): string {
  const { told, from, to, zone, days } = report;
  const funnel = funnelOf(told, from, to, zone, days);
  const lines = leadLinesOf(told, from, to);
  const ids = new Map(lines.map(({ lead }, index) => [lead, `lead-${index + 1}`]));
  const shared = { report, funnel, lines, idOf: (lead: string) => ids.get(lead) ?? '' };
  return oneFile(
    report.title,
    [new URL('report.css', import.meta.url)],
    <>
      <Headline report={report} />
      <ProgramFigures {...shared} />
      <h2>The loop</h2>
      <Loop report={report} />
      <h2>Findings</h2>
      <Findings findings={report.findings} />
      <LeadsFigure {...shared} />
      <Tables {...shared} />
    </>,
  );
}

/** What sales did with the leads that it was given, and what came back. */
function Loop({ report: { told, from, to } }: { report: RehearsalReport }): string {
  const { stages, reasons } = loopCounts(told, from, to);
  return (
    <>
      <Counts counts={stages} />
      {reasons.length === 0 ? (
        <p class="quiet">Nothing was rejected.</p>
      ) : (
        <NumbersTable
          title="Rejected, by reason"
          head={['Reason', 'rejected', 'back in nurture', 'crossed again']}
          rows={reasons.map(({ reason, rejected, recycled, crossedAgain }) => [
            ...[reason, rejected, recycled, crossedAgain],
          ])}
          open
        />
      )}
    </>
  ) as string;
}

function Counts({
  counts,
}: {
  counts: readonly (readonly [what: string, count: number])[];
}): string {
  return (
    <ul class="counts">
      {counts.map(([what, count]) => (
        <li>
          <b safe>{count.toLocaleString('en')}</b>
          <span safe>{what}</span>
        </li>
      ))}
    </ul>
  ) as string;
}

function Headline({ report }: { report: RehearsalReport }): string {
  const { title, days, told, seed, digest, tookMs, forwards, faults } = report;
  const counts = { leads: told.leads.length, ...sumOf(days) };
  const took = Duration.fromMillis(Math.round(tookMs / 1000) * 1000)
    .rescale()
    .reconfigure({ locale: 'en' });
  return (
    <>
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {periodOf(report)}
      </p>
      <Counts counts={Object.entries(counts)} />
      <p class="quiet" safe>
        {`Played in ${took.toHuman({ listStyle: 'long' })} of real time, set forward ${forwards.toLocaleString('en')} times. Seed ${seed}; digest ${digest}: the same seed on the same program gives the same digest.`}
      </p>
      {faults.length === 0 ? (
        ''
      ) : (
        <p class="quiet" safe>{`Made to fail on the way: ${faults.join('; ')}.`}</p>
      )}
    </>
  ) as string;
}

/** `3 March to 1 June 2026, by the clock of Europe/Berlin`. */
function periodOf({ from, to, zone }: RehearsalReport): string {
  const [first, last] = [from, to].map(at => DateTime.fromMillis(at, { zone }).setLocale('en'));
  return `${first?.toFormat('d LLLL yyyy') ?? ''} to ${last?.toFormat('d LLLL yyyy') ?? ''}, by the clock of ${zone}`;
}

function Findings({ findings }: { findings: readonly Finding[] }): string {
  return (
    <ul class="findings">
      {findings.map(({ count, text, examples }) => (
        <li>
          <b safe>{count.toLocaleString('en')}</b>
          <div>
            <p safe>{text}</p>
            {examples.every(example => text.includes(example)) ? (
              ''
            ) : (
              <p class="quiet" safe>{`Such as ${examples.join(', ')}`}</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  ) as string;
}
