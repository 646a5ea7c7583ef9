import { DateTime } from 'luxon';
import { tellAccount } from '../../domain/account/tell.ts';
import {
  asSentence,
  liftsInWords,
  summarize,
  tellSince,
  tellStep,
} from '../../domain/agreement/explain.ts';
import { workingWeek } from '../../domain/escalation/due.ts';
import type { SendId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { tellWhereabouts } from '../../domain/nurture/whereabouts.ts';
import { tellOutlook } from '../../domain/nurture/why-now.ts';
import type { GradeStep, LeadSheet } from '../../store/lead-sheet.ts';
import { AccountLeads } from './account-leads.tsx';
import { Explanation } from './explanation.tsx';
import { GradeChart } from './grade-chart.tsx';
import { Page } from './layout.tsx';
import { Fact, KnownFacts, nameOf, Timeline, Who } from './lead-parts.tsx';
import { TakeOver, type MayTake } from './take-over.tsx';
import { TasksOfLead, type TasksProps } from './tasks.tsx';

export interface LeadProps {
  sheet: LeadSheet;
  /** The moment that the page is of. */
  at: Instant;
  /** What whoever looks at it may do about who has it. */
  may: MayTake;
  action: string;
  /** The way to where a task is said to be done, for whoever may say it. */
  taskLink: TasksProps['linkTo'];
  /** What came of the form that was sent, in a sentence. */
  notice: string | null;
  /** Where a mail is commented on. */
  commentOn: (send: SendId) => string;
}

/** The page of one lead, for both teams: what it is worth and why, where it is, and how it came there. */
export function LeadPage({
  sheet,
  at,
  may,
  action,
  taskLink,
  notice,
  commentOn,
}: LeadProps): string {
  const { story, account, now, change, lifts, mail, steps, version, agreement } = sheet;
  const { zone } = agreement.working_hours;
  const moment = (when: Instant) =>
    DateTime.fromMillis(when, { zone }).toFormat('d LLL yyyy, HH:mm');
  const liftable = liftsInWords(lifts, now);
  return (
    <Page title={`${nameOf(story)}, ${now.grade}`}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <Who grade={now.grade} story={story} />
      <dl class="facts">
        <KnownFacts story={story} />
        <Fact name="Stage" value={sheet.stage} />
        {account === null ? '' : <Fact name="Account" value={tellAccount(account)} />}
      </dl>
      <h2>Where it is</h2>
      <p safe>{tellWhereabouts(story, mail, moment)}</p>
      <TakeOver may={may} action={action} />
      <TasksOfLead
        {...{ tasks: sheet.tasks, at, zone, linkTo: taskLink }}
        weekOf={country => workingWeek(agreement, country)}
      />
      <h2 safe>{`Why it is ${now.grade}`}</h2>
      <p safe>{`${summarize(now)}.${now.handRaised ? ' It asked for sales.' : ''}`}</p>
      <p safe>{tellSince(steps[0], now, moment) ?? ''}</p>
      <Explanation score={now} />
      <h2>What may come</h2>
      <ul class="why">
        <li safe>{tellOutlook({ now, change }, zone)}</li>
        {[...liftable.events, ...liftable.fields].map(line => (
          <li safe>{asSentence(line)}</li>
        ))}
      </ul>
      <h2>Its grades so far</h2>
      <GradeChart steps={steps} at={at} moment={moment} />
      <Steps steps={steps} moment={moment} />
      <AccountLeads leads={sheet.colleagues} agreed={agreement.stages} />
      <h2>What happened</h2>
      <Timeline entries={story.timeline} moment={moment} commentOn={commentOn} />
      <p class="quiet" safe>
        {`By version ${version} of the agreement. Times are ${zone}.`}
      </p>
    </Page>
  ) as string;
}

function Steps(props: { steps: readonly GradeStep[]; moment: (when: Instant) => string }): string {
  if (props.steps.length === 0) return (<p>It has not been graded yet.</p>) as string;
  return (
    <>
      <p class="quiet">Each with the version of the agreement that it was given by.</p>
      <ol class="timeline">
        {props.steps.map(step => (
          <li>
            <span class="quiet" safe>
              {props.moment(step.score.at)}
            </span>
            <span safe>{`${step.score.grade} · v${step.version}`}</span>
            <span safe>{tellStep(step)}</span>
          </li>
        ))}
      </ol>
    </>
  ) as string;
}
