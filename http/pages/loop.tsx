import { DateTime } from 'luxon';
import { NumbersTable } from '../../charts/numbers-table.tsx';
import type { Week } from '../../domain/calendar/week.ts';
import type { PromiseKept } from '../../domain/review/loop.ts';
import { fewestAnswered } from '../../domain/review/proposals.ts';
import { percent } from '../../domain/review/share-text.ts';
import type { DeskLead } from '../../store/desk.ts';
import type { LoopReview } from '../../store/loop.ts';
import { deskLinks, Page } from './layout.tsx';
import { Open } from './loop/open.tsx';
import { agreedInWords, keptInWords, PromiseBar } from './loop/promise-bar.tsx';

/** Of how many days up to now the page can be; the first is taken where none is asked for. */
export const periods = [7, 30, 90] as const;

export interface LoopProps {
  visitor: { name: string };
  days: number;
  review: LoopReview;
  /** What is with sales now, due first, and how many in all. */
  open: { leads: readonly DeskLead[]; total: number };
  /** The time zone of the visitor, in which moments are told. */
  zone: string;
  /** When somebody of a country works. */
  weekOf: (country: string | null) => Week;
  /** The signed link to a lead's page: its owner's to answer, everybody else's to read. */
  linkTo: (lead: DeskLead) => string;
}

/** What both teams promised each other and how it was kept, what is open, and what the reasons point at. */
export function LoopPage(props: LoopProps): string {
  const { visitor, zone, review } = props;
  return (
    <Page title="Both sides" links={deskLinks} charts>
      <h1>Both sides</h1>
      <Period {...props} />
      <Promises {...props} />
      <Outcome {...props} />
      <Reasons {...props} />
      <Proposals {...props} />
      <Open {...props} />
      <p
        class="quiet"
        safe
      >{`Logged in as ${visitor.name}. Times are ${zone}. Targets and reasons are those of version ${review.version} of the agreement.`}</p>
    </Page>
  ) as string;
}

function Period({ days, review: { from, at, loop }, open, zone }: LoopProps): string {
  const [first, last] = [from, at].map(moment =>
    DateTime.fromMillis(moment, { zone }).toFormat('d LLLL'),
  );
  const leads = loop.escalated === 1 ? '1 lead was' : `${count(loop.escalated)} leads were`;
  return (
    <>
      <p class="lede">
        <span safe>
          {loop.escalated === 0
            ? nothing(days)
            : `From ${first ?? ''} to ${last ?? ''}, ${leads} handed to sales.`}
          {loop.takenOver === 0 ? '' : ` Sales took over ${count(loop.takenOver)} itself.`}
        </span>{' '}
        {open.total === 0 ? '' : <a href="#open" safe>{`${count(open.total)} with sales now`}</a>}
      </p>
      <nav class="periods" aria-label="Period">
        <ul>
          {periods.map(period => (
            <li>
              <a href={`/loop?days=${period}`} aria-current={period === days ? 'page' : undefined}>
                {period} days
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  ) as string;
}

function nothing(days: number): string {
  return `Nothing was handed over in these ${days} days.`;
}

function Promises({ days, review: { loop } }: LoopProps): string {
  const { promises, escalated } = loop;
  const [leads] = promises;
  if (escalated === 0)
    return (
      <>
        <h2>What was promised</h2>
        <p safe>
          {leads?.target == null
            ? 'No promise was due.'
            : `Marketing had promised ${count(leads.target)} leads for so many days. No promise of sales was due.`}
        </p>
      </>
    ) as string;
  return (
    <>
      <Team promises={promises} team="marketing" />
      <Team promises={promises} team="sales" />
      <p
        class="quiet"
        safe
      >{`A bar is the share, the line across its end the 95\u00a0% interval, the upright mark what was agreed for these ${days} days. What is not due yet is not counted.`}</p>
      <NumbersTable
        title="The same as a table"
        head={['Promise', 'team', 'kept', 'of', '%', 'from %', 'to %', 'agreed']}
        rows={promises.map(promise => {
          const { team, what, share } = promise;
          const rates = [share?.rate, share?.low, share?.high];
          return [
            ...[what, team, share?.count ?? promise.count ?? 0, share?.of ?? '–'],
            ...rates.map(rate => (rate == null ? '–' : percent(rate))),
            agreedInWords(promise) ?? '–',
          ];
        })}
      />
    </>
  ) as string;
}

function Team({ promises, team }: { promises: PromiseKept[]; team: PromiseKept['team'] }): string {
  return (
    <>
      <h2 safe>{`What ${team} promised`}</h2>
      <ul class="promises">
        {promises
          .filter(promise => promise.team === team)
          .map(promise => (
            <li>
              <span safe>{promise.what}</span>
              {promise.share?.of === 0 ? '' : <PromiseBar promise={promise} />}
              <span>
                <b safe>{promise.share?.of === 0 ? 'nothing was due yet' : keptInWords(promise)}</b>
                <span class="quiet" safe>
                  {agreedInWords(promise) === null
                    ? 'no target'
                    : `agreed ${agreedInWords(promise) ?? ''}`}
                </span>
              </span>
            </li>
          ))}
      </ul>
    </>
  ) as string;
}

function Outcome({ days, review: { loop } }: LoopProps): string {
  const { escalated, qualified, won, lost, recycled, cameBack } = loop;
  const counts = {
    qualified,
    won,
    lost,
    'back in nurture': recycled,
    'rejected, and came again': cameBack,
  };
  return (
    <>
      <h2>What became of them</h2>
      {escalated === 0 ? <p safe>{nothing(days)}</p> : <Counts counts={counts} />}
    </>
  ) as string;
}

function Reasons({ days, review: { loop } }: LoopProps): string {
  const counts = Object.fromEntries(
    loop.reasons.map(({ reason, count: rejected }) => [reason, rejected]),
  );
  return (
    <>
      <h2>Why leads were rejected</h2>
      {loop.reasons.length === 0 ? (
        <p safe>
          {loop.escalated === 0
            ? nothing(days)
            : `None of those handed over in these ${days} days was rejected.`}
        </p>
      ) : (
        <Counts counts={counts} />
      )}
    </>
  ) as string;
}

function Counts({ counts }: { counts: Readonly<Record<string, number>> }): string {
  return (
    <ul class="counts">
      {Object.entries(counts).map(([what, value]) => (
        <li>
          <b safe>{count(value)}</b>
          <span safe>{what}</span>
        </li>
      ))}
    </ul>
  ) as string;
}

function Proposals({ days, review: { proposals } }: LoopProps): string {
  return (
    <>
      <h2>What the reasons point at</h2>
      {proposals.length === 0 ? (
        <p
          safe
        >{`In these ${days} days no title, segment, source or sequence stands out.${days === 90 ? '' : ' More days show more.'}`}</p>
      ) : (
        <ol class="proposals">
          {proposals.map(({ text }) => (
            <li safe>{text}</li>
          ))}
        </ol>
      )}
      <p class="quiet">{`Named is a value that at least ${fewestAnswered} answered leads have, and of which more were rejected for the reason than of all others, as far as 95\u00a0% intervals can tell; one comparison in forty does so by chance. Nothing changes by itself.`}</p>
    </>
  ) as string;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
