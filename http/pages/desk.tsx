import type { Week } from '../../domain/calendar/week.ts';
import { momentInWords } from '../../domain/escalation/time-left.ts';
import type { Instant } from '../../domain/instant.ts';
import { leadInALine } from '../../domain/lead/name.ts';
import { whyInALine } from '../../domain/nurture/why-now.ts';
import type { DeskLead, DeskPast } from '../../store/desk.ts';
import type { Task } from '../../store/task.ts';
import { deskLinks, Page } from './layout.tsx';
import { Due, dutyInWords, nameOf } from './lead-parts.tsx';
import { OpenTasks } from './tasks.tsx';

export interface DeskProps {
  visitor: { name: string };
  /** Whose leads are shown: the visitor's own, or everybody's. */
  whose: 'own' | 'all';
  open: readonly DeskLead[];
  /** Leads with sales in all; those that are due last may be left out. */
  total: number;
  /** What sequences ask people for, due first, and how many that are in all. */
  tasks: { tasks: readonly Task[]; total: number };
  past: readonly DeskPast[];
  /** Until when each owner is away, by their ids. */
  away: ReadonlyMap<string, Instant>;
  at: Instant;
  /** The time zone of the visitor, in which moments are told. */
  zone: string;
  /** When somebody of a country works. */
  weekOf: (country: string | null) => Week;
  /** The signed links to pages of a lead: to answer, where the visitor may, and to read. */
  linkTo: {
    open: (lead: DeskLead) => string;
    past: (lead: DeskPast) => string;
    task: (task: Task) => string;
  };
}

/** The leads that are with sales, due first, and below them those that lately were. */
export function DeskPage(props: DeskProps): string {
  const { visitor, whose, open, total, past, zone } = props;
  const title = whose === 'own' ? 'My leads' : 'All leads with sales';
  return (
    <Page title={title} links={deskLinks}>
      <h1>{title}</h1>
      {open.length === 0 ? (
        <p class="lede">
          {whose === 'own'
            ? `${props.tasks.total > 0 ? 'No lead' : 'Nothing'} waits for you. As soon as a lead is yours, you get a mail, and it stands here.`
            : 'No lead is with sales. As soon as one is, it stands here.'}
        </p>
      ) : (
        <>
          <p class="lede" safe>
            {countInWords(props)}
          </p>
          {groupsOf(props).map(leads => (
            <Group leads={leads} desk={props} />
          ))}
          {total > open.length ? (
            <p class="notice" safe>{`${total - open.length} more are due later than these.`}</p>
          ) : (
            ''
          )}
        </>
      )}
      <Tasks {...props} />
      <h2>Ended in the last 30 days</h2>
      {past.length === 0 ? (
        <p class="quiet">None.</p>
      ) : (
        <ol class="past">
          {past.map(lead => (
            <Past lead={lead} desk={props} />
          ))}
        </ol>
      )}
      <form method="post" action="/logout" class="visitor">
        <span class="quiet" safe>{`Logged in as ${visitor.name}. Times are ${zone}.`}</span>
        <button type="submit" class="outline secondary">
          Log out
        </button>
      </form>
    </Page>
  ) as string;
}

/** What sequences ask people for; nothing, when that is nothing. */
function Tasks({
  tasks: { tasks, total },
  whose,
  away,
  at,
  zone,
  weekOf,
  linkTo,
}: DeskProps): string {
  if (tasks.length === 0) return '';
  const late = tasks.filter(({ dueAt }) => dueAt <= at).length;
  const count = total === 1 ? '1 task' : `${total} tasks`;
  return (
    <>
      <h2>{whose === 'own' ? 'My tasks' : 'All tasks of sales'}</h2>
      <p class="lede" safe>
        {late === 0 ? `${count}, due first.` : `${count}, due first; ${late} overdue.`}
      </p>
      <OpenTasks
        {...{ tasks, at, zone, weekOf, away, linkTo: linkTo.task }}
        isOfSeveral={whose === 'all'}
      />
      {total > tasks.length ? (
        <p class="notice" safe>{`${total - tasks.length} more are due later than these.`}</p>
      ) : (
        ''
      )}
    </>
  ) as string;
}

function countInWords({ open, total, at }: DeskProps): string {
  const late = open.filter(lead => isOverdue(lead, at)).length;
  const leads = total === 1 ? '1 lead' : `${total} leads`;
  return late === 0
    ? `${leads}, most urgent first.`
    : `${leads}, most urgent first; ${late} overdue.`;
}

function isOverdue({ duties }: DeskLead, at: Instant): boolean {
  return duties.some(({ due }) => due <= at);
}

/** One group for each owner, of whom the one with what is due first comes first. */
function groupsOf({ open }: DeskProps): DeskLead[][] {
  const groups = new Map<string, DeskLead[]>();
  for (const lead of open) groups.set(lead.owner.id, [...(groups.get(lead.owner.id) ?? []), lead]);
  return [...groups.values()];
}

function Group({ leads, desk }: { leads: DeskLead[]; desk: DeskProps }): string {
  const { whose, away, zone } = desk;
  const owner = leads[0]?.owner;
  const until = away.get(owner?.id ?? '');
  const isAway = until === undefined ? null : `away until ${momentInWords(until, zone)}`;
  return (
    <>
      {whose === 'all' ? <h2 safe>{`${owner?.name ?? ''}: ${leads.length}`}</h2> : ''}
      {isAway === null ? (
        ''
      ) : (
        <p class="quiet" safe>
          {whose === 'all' ? `Is ${isAway}.` : `You are noted as ${isAway}.`}
        </p>
      )}
      <ol class="desk">
        {leads.map(lead => (
          <Lead lead={lead} desk={desk} />
        ))}
      </ol>
    </>
  ) as string;
}

function Lead({ lead, desk }: { lead: DeskLead; desk: DeskProps }): string {
  const { at, zone, weekOf, linkTo } = desk;
  const { grade, fields, crossing, duties, owner } = lead;
  const week = weekOf(owner.country);
  return (
    <li>
      <span class={`grade grade-${grade}`}>{grade}</span>
      <div>
        <a href={linkTo.open(lead)} safe>
          {nameOf(lead)}
        </a>
        <div safe>{[fields.title, fields.company].filter(Boolean).join(', ')}</div>
        <div class="quiet" safe>
          {crossing === null ? '' : whyInALine(crossing)}
        </div>
      </div>
      <dl>
        {duties.map(({ duty, due }) => (
          <div>
            <dt safe>{dutyInWords[duty]}</dt>
            <Due due={due} at={at} week={week} zone={zone} />
          </div>
        ))}
      </dl>
    </li>
  ) as string;
}

function Past({ lead, desk }: { lead: DeskPast; desk: DeskProps }): string {
  const { fields, endedAt, owner, said } = lead;
  const who = leadInALine(fields) ?? 'A lead';
  const answer = [said?.kind, said?.reason].filter(Boolean).join(': ');
  const by = desk.whose === 'all' ? `${said?.person ?? owner.name} ` : '';
  return (
    <li>
      <span class="quiet" safe>
        {momentInWords(endedAt, desk.zone)}
      </span>
      <a href={desk.linkTo.past(lead)} safe>
        {who}
      </a>
      <span
        safe
      >{`${by}${answer === '' ? 'nothing was said' : answer}${said?.note ? `, “${said.note}”` : ''}`}</span>
    </li>
  ) as string;
}
