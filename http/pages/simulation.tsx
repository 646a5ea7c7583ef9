import { DateTime } from 'luxon';
import { Figure } from '../../charts/figure.tsx';
import { NumbersTable } from '../../charts/numbers-table.tsx';
import { oneFile } from '../../charts/one-file.tsx';
import { hour } from '../../domain/instant.ts';
import { reactions } from '../../domain/sequence/simulate/behavior.ts';
import {
  behaviorInWords,
  ownInWords,
  spreadInWords,
} from '../../domain/sequence/simulate/in-words.ts';
import type { Simulation } from '../../domain/sequence/simulate/summary.ts';
import { escalationsChart, mailsChart, reachChart } from './simulation/charts.ts';

/** A simulation as one file, to be opened or mailed. */
export function simulationHtml(simulation: Simulation): string {
  const title = `Simulation of ${simulation.sequence}`;
  return oneFile(
    title,
    [],
    <>
      <h1 safe>{title}</h1>
      <SimulationView simulation={simulation} />
    </>,
  );
}

/** What would happen in a sequence, in pictures and tables: for any page with the styles of charts and inline ones. */
function SimulationView({ simulation }: { simulation: Simulation }): string {
  return (
    <>
      <Headline simulation={simulation} />
      <Figure
        title="Mails by week"
        legend={[['stage-mailed', 'mails, mean of the runs']]}
        draw={width => mailsChart(simulation, width)}
      >
        By calendar week. The first and the last one may be parts of weeks.
      </Figure>
      <Figure
        title="How many each mail reaches"
        legend={[['stage-clicked', 'leads, mean of the runs']]}
        draw={width => reachChart(simulation, width)}
      >
        In the order of the plan; of leads that go into the sequence.
      </Figure>
      <Figure
        title="To sales by week"
        legend={[
          ['interval', 'mean of the runs'],
          ['kept', 'nine runs of ten (5 % to 95 %)'],
        ]}
        draw={width => escalationsChart(simulation, width)}
      >
        Crossings, replies, bookings and raised hands. The band says what chance alone may do;
        whether leads behave as was taken is another question.
      </Figure>
      <Tables simulation={simulation} />
    </>
  ) as string;
}

function Headline({ simulation }: { simulation: Simulation }): string {
  const { from, to, zone, version, agreement, leadsFrom, leads, begin, runs, seed } = simulation;
  const [first, last] = [from, to].map(at =>
    DateTime.fromMillis(at, { zone }).setLocale('en').toFormat('d LLLL yyyy'),
  );
  const { mails, escalations, notBegun } = simulation;
  const counts = {
    leads: count(leads),
    'go into the sequence': count(begin),
    mails: spreadInWords(mails),
    'to sales': spreadInWords(escalations),
  };
  return (
    <>
      <p class="lede" safe>
        {`What would happen to the leads of ${leadsFrom} from ${first ?? ''} to ${last ?? ''}: ${version}, under ${agreement}.`}
      </p>
      <ul class="counts">
        {Object.entries(counts).map(([what, value]) => (
          <li>
            <b safe>{value}</b>
            <span safe>{what}</span>
          </li>
        ))}
      </ul>
      <p class="quiet" safe>
        {`${count(runs)} runs with seed ${seed}. Figures are means of the runs; in brackets stands what they lay between in nine of ten.`}
      </p>
      {notBegun.length === 0 ? (
        ''
      ) : (
        <ul>
          {notBegun.map(({ why, leads: many }) => (
            <li safe>{`${count(many)} do not go into it: ${why}`}</li>
          ))}
        </ul>
      )}
    </>
  ) as string;
}

function Tables({ simulation }: { simulation: Simulation }): string {
  const { weeks, steps, tasks, ends, splits, grades, behavior } = simulation;
  return (
    <>
      <h2>Tables</h2>
      <NumbersTable
        title="How leads leave"
        head={['How', 'leads', 'share']}
        rows={ends.map(({ how, leads, share }) => [how, spreadInWords(leads), percent(share)])}
        open
      />
      <NumbersTable
        title="What leads were taken to do"
        head={['Mails', 'after one', 'known from']}
        rows={behaviorInWords(behavior).flatMap(({ mails, chances }) =>
          reactions.map(reaction => [mails, reaction, chances[reaction].words]),
        )}
        open
      />
      <p class="quiet" safe>
        {ownInWords(behavior)}
      </p>
      <NumbersTable
        title="By week"
        head={['Week', 'days of it', 'mails', 'to sales', 'graded better', 'graded worse']}
        rows={weeks.map(week => [
          ...[week.week, week.days],
          ...[week.mails, week.escalations, week.rises, week.falls].map(spreadInWords),
        ])}
      />
      <NumbersTable
        title="Mails, and those that windows and caps put off"
        head={['Mail', 'leads', 'share', 'by window', 'by cap', 'half within', 'latest, hours']}
        rows={steps.map(({ mail, leads, share, putOff }) => [
          ...[mail, spreadInWords(leads), percent(share)],
          ...(putOff === null
            ? ['–', '–', '–', '–']
            : [
                ...[spreadInWords(putOff.byWindow), spreadInWords(putOff.byCap)],
                ...[`${hours(putOff.medianMs)} h`, `${hours(putOff.longestMs)} h`],
              ]),
        ])}
      />
      {tasks.length === 0 ? (
        ''
      ) : (
        <NumbersTable
          title="What people are asked to do"
          head={['Task', 'leads', 'share']}
          rows={tasks.map(({ task, leads, share }) => [task, spreadInWords(leads), percent(share)])}
        />
      )}
      {splits.map(({ split, variants }) => (
        <NumbersTable
          title={`Which way at ${split}`}
          head={['Variant', 'leads', 'share of them']}
          rows={variants.map(({ variant, leads, share }) => [
            ...[variant, spreadInWords(leads), percent(share)],
          ])}
        />
      ))}
      {grades.length === 0 ? (
        ''
      ) : (
        <NumbersTable
          title="Changes of grades"
          head={['Change', 'times']}
          rows={grades.map(({ change, times }) => [change, spreadInWords(times)])}
        />
      )}
    </>
  ) as string;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function hours(ms: number): number {
  return Math.round(ms / hour);
}
