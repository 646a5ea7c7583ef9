import { DateTime } from 'luxon';
import { Figure } from '../../charts/figure.tsx';
import { NumbersTable } from '../../charts/numbers-table.tsx';
import { oneFile } from '../../charts/one-file.tsx';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import { thresholdInWords } from '../../domain/agreement/forecast/in-words.ts';
import { grades } from '../../domain/agreement/grade.ts';
import type { Share } from '../../domain/review/intervals.ts';
import { movesChart, rulesChart, sharesChart, weeksChart } from './forecast/charts.ts';

/** Rules that are drawn; all of them stand in the table. */
const mostRules = 3;
const versionColors = [
  ['version-active', 'in force now'],
  ['version-draft', 'the draft'],
] as const;

/** A forecast as one file, to be opened or mailed. */
export function forecastHtml(forecast: Forecast): string {
  return oneFile(
    `Forecast of ${forecast.draft}`,
    [],
    <>
      <h1 safe>{`Forecast of ${forecast.draft}`}</h1>
      <ForecastView forecast={forecast} />
    </>,
  );
}

/**
 * What a draft would have meant, in pictures and tables. It stands in any page that has the styles of charts
 * (`/assets/charts.css`) and allows inline styles.
 */
export function ForecastView({ forecast }: { forecast: Forecast }): string {
  return (
    <>
      <Headline forecast={forecast} />
      <Figure
        title="Grades at the end"
        legend={[
          ['better', `better ${count(forecast.better)}`],
          ['worse', `worse ${count(forecast.worse)}`],
          ['stays', 'the same'],
        ]}
        draw={width => movesChart(forecast, width)}
      >
        Each lead by its grade now (row) and under the draft (column). A and B are for sales.
      </Figure>
      <Figure
        title="Escalations and room for them"
        legend={[
          ...versionColors,
          ...(forecast.capacity === null
            ? []
            : [['capacity', `the reps’ capacity, ${count(forecast.capacity)} a week`] as const]),
        ]}
        draw={width => weeksChart(forecast, width)}
      >
        By calendar week. The first and the last one may be parts of weeks.
      </Figure>
      <Threshold forecast={forecast} />
      <Caught forecast={forecast} />
      <Rules forecast={forecast} />
      <h2>Read with care</h2>
      <ul>
        {forecast.notes.map(note => (
          <li safe>{note}</li>
        ))}
      </ul>
      <Tables forecast={forecast} />
    </>
  ) as string;
}

function Headline({ forecast }: { forecast: Forecast }): string {
  const { from, to, zone, leads, active, better, worse, escalations } = forecast;
  const [first, last] = [from, to].map(at =>
    DateTime.fromMillis(at, { zone }).setLocale('en').toFormat('d LLLL yyyy'),
  );
  const a = (perWeek: number) => count(Math.round(perWeek));
  const counts = {
    leads: count(leads),
    'graded better': count(better),
    'graded worse': count(worse),
    'escalations a week now': a(escalations.active.perWeek),
    'under the draft': a(escalations.draft.perWeek),
  };
  return (
    <>
      <p class="lede" safe>
        {`What the draft would have meant from ${first ?? ''} to ${last ?? ''}, beside version ${active}, which is in force.`}
      </p>
      <ul class="counts">
        {Object.entries(counts).map(([what, value]) => (
          <li>
            <b safe>{value}</b>
            <span safe>{what}</span>
          </li>
        ))}
      </ul>
    </>
  ) as string;
}

function Threshold({ forecast: { threshold, capacity } }: { forecast: Forecast }): string {
  if (threshold === null) return '';
  return (
    <p class="notice" safe>
      {thresholdInWords(threshold, capacity)}
    </p>
  ) as string;
}

function Caught({ forecast }: { forecast: Forecast }): string {
  const { wanted, unwanted } = forecast.outcomes;
  if (wanted.leads + unwanted.leads === 0) return '';
  return (
    <Figure
      title="Caught, and in vain"
      legend={versionColors}
      draw={width => sharesChart(forecast, width)}
    >
      Lines are 95 % intervals: where those of the versions overlap, they may well do the same.
      Leads of which nothing is known yet count nowhere.
    </Figure>
  ) as string;
}

function Rules({ forecast: { rules } }: { forecast: Forecast }): string {
  if (rules.length === 0) return '';
  const [first] = rules;
  return (
    <Figure
      title="What moves most leads"
      legend={[['version-draft', 'grades changed by this rule alone']]}
      draw={width => rulesChart(rules.slice(0, mostRules), width)}
    >
      <span safe>
        {`Of ${count(first?.of ?? 0)} leads, with nothing but this rule changed. ${rules.length} ${rules.length === 1 ? 'rule differs' : 'rules differ'} in all.`}
      </span>
    </Figure>
  ) as string;
}

function Tables({ forecast }: { forecast: Forecast }): string {
  const { moves, weeks, outcomes, rules } = forecast;
  const { handedOver, byKind, wanted, unwanted } = outcomes;
  const versions = [
    ['now', handedOver.active],
    ['draft', handedOver.draft],
  ] as const;
  return (
    <>
      <h2>Tables</h2>
      <NumbersTable
        title="Grades: now (rows), under the draft (columns)"
        head={['Now', ...grades]}
        rows={grades.map(from => [from, ...grades.map(to => moves[from][to])])}
      />
      <NumbersTable
        title="Escalations by week"
        head={['Week', 'days of it', 'now', 'draft', 'in fact']}
        rows={weeks.map(({ week, days, active, draft, real }) => [week, days, active, draft, real])}
      />
      <NumbersTable
        title="Leads with an outcome, and how many were handed over before"
        head={['Outcome', 'leads', 'now', 'draft']}
        rows={[
          ...byKind.map(({ kind, leads, active, draft }) => [
            ...[kind, leads, inWords(active), inWords(draft)],
          ]),
          ['wanted, in the end', wanted.leads, inWords(wanted.active), inWords(wanted.draft)],
          ['unwanted', unwanted.leads, inWords(unwanted.active), inWords(unwanted.draft)],
        ]}
      />
      <NumbersTable
        title="What is known of those handed over"
        head={['Version', 'leads', 'wanted', 'unwanted', 'pending', 'share wanted']}
        rows={versions.map(([name, { leads, wanted: good, unwanted: bad, pending, share }]) => [
          ...[name, leads, good, bad, pending, inWords(share)],
        ])}
      />
      <NumbersTable
        title="Each changed rule alone"
        head={['Rule', 'grades changed', 'of leads']}
        rows={rules.map(({ rule, moves: moved, of }) => [rule, moved, of])}
      />
    </>
  ) as string;
}

function inWords({ count: part, rate, low, high }: Share): string {
  if (rate === null || low === null || high === null) return '–';
  const [at, from, to] = [rate, low, high].map(value => Math.round(value * 100));
  return `${count(part)} (${at ?? 0} %, ${from ?? 0} to ${to ?? 0})`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
