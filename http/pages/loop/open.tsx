import { NumbersTable } from '../../../charts/numbers-table.tsx';
import { ageInWords, timeLeft } from '../../../domain/escalation/time-left.ts';
import type { DeskLead } from '../../../store/desk.ts';
import { dutyInWords, nameOf } from '../lead-parts.tsx';
import type { LoopProps } from '../loop.tsx';

/** What is with sales now: how much of it each owner has, and each lead, due first. */
export function Open(props: LoopProps): string {
  const { open, review } = props;
  const { at, loop } = review;
  const { owners } = loop;
  const overdue = owners.reduce((sum, load) => sum + load.overdue, 0);
  return (
    <>
      <h2 id="open">With sales now</h2>
      {open.total === 0 ? (
        <p>No lead is with sales.</p>
      ) : (
        <>
          <p safe>
            {`${open.total === 1 ? '1 lead' : `${open.total.toLocaleString('en')} leads`}, due first${overdue === 0 ? '' : `; ${overdue} overdue`}.`}
          </p>
          <NumbersTable
            title="By owner"
            open
            head={['Owner', 'open', 'overdue', 'longest open']}
            rows={owners.map(load => [
              ...[load.owner, load.open, load.overdue, ageInWords(load.since, at)],
            ])}
          />
          <ol class="desk">
            {open.leads.map(lead => (
              <Lead lead={lead} page={props} />
            ))}
          </ol>
          {open.total > open.leads.length ? (
            <p
              class="notice"
              safe
            >{`${(open.total - open.leads.length).toLocaleString('en')} more are due later than these.`}</p>
          ) : (
            ''
          )}
        </>
      )}
    </>
  ) as string;
}

function Lead({ lead, page }: { lead: DeskLead; page: LoopProps }): string {
  const { zone, weekOf, linkTo, review } = page;
  const { grade, fields, owner, since, duties } = lead;
  const { at } = review;
  const [next] = duties;
  return (
    <li>
      <span class={`grade grade-${grade}`}>{grade}</span>
      <div>
        <a href={linkTo(lead)} safe>
          {nameOf(lead)}
        </a>
        <div safe>{[fields.title, fields.company].filter(Boolean).join(', ')}</div>
        <div class="quiet" safe>{`With ${owner.name} for ${ageInWords(since, at)}`}</div>
      </div>
      <dl>
        {next === undefined ? (
          <div>
            <dt>Nothing due</dt>
            <dd safe>{standingOf(lead)}</dd>
          </div>
        ) : (
          <div>
            <dt safe>{dutyInWords[next.duty]}</dt>
            <dd class={next.due <= at ? 'overdue' : ''} safe>
              {timeLeft(next.due, at, weekOf(owner.country), zone)}
            </dd>
          </div>
        )}
      </dl>
    </li>
  ) as string;
}

/** Why nothing is due of a lead that is open. */
function standingOf({ state }: DeskLead): string {
  return state === 'queued' ? 'waits for a rep who has room' : state;
}
