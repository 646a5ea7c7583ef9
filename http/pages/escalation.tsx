import { DateTime } from 'luxon';
import type { AgreementDocument } from '../../domain/agreement/schema.ts';
import type { Talk } from '../../domain/escalation/talk.ts';
import { saidOf } from '../../domain/escalation/told.ts';
import type { SendId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { whyNow, type Crossing, type Outlook } from '../../domain/nurture/why-now.ts';
import type { EscalationState } from '../../store/escalation.ts';
import type { Handover } from '../../store/handover.ts';
import type { LeadStory } from '../../store/story.ts';
import type { AccountLead } from '../../store/account-sheet.ts';
import { AccountLeads } from './account-leads.tsx';
import { Answers } from './escalation-answers.tsx';
import { Explanation } from './explanation.tsx';
import { Joins, LastTime, ToTalkAbout } from './handover.tsx';
import { Page } from './layout.tsx';
import { Fact, KnownFacts, nameOf, Timeline, Who } from './lead-parts.tsx';

export interface EscalationProps {
  state: EscalationState;
  story: LeadStory;
  agreement: AgreementDocument;
  /** What the escalation rests on. */
  crossing: Crossing;
  /** What the lead is worth now, and what may become of it. */
  outlook: Outlook;
  /** The signed link to all there is of the lead. */
  leadPage: string;
  action: string;
  /** Why the last answer was not taken, in a sentence. */
  notice: string | null;
  /** What it joins, and what was said when it was with sales before. */
  handover: Handover;
  /** The signed link to the page of the lead that it joins, for whoever has both. */
  joinsPage: string;
  /** What to talk about. */
  talk: Talk | null;
  /** Other leads of its account. */
  colleagues: readonly AccountLead[];
  /** What happens if nobody does anything, in a sentence. */
  otherwise: string;
  /** The first day that a lead may be called again on, such as `2026-03-03`. */
  tomorrow: string;
  /** Where a mail is commented on. */
  commentOn: (send: SendId) => string;
  /** The moment that the page is of. */
  at: Instant;
}

/** A rep's page of one lead: who, why now, what happened, and the two answers. */
export function EscalationPage(props: EscalationProps): string {
  const { state, story, agreement, crossing, outlook, leadPage, action, notice } = props;
  const { colleagues, otherwise, tomorrow, handover, joinsPage, talk, at } = props;
  const { zone } = agreement.working_hours;
  const moment = (at: Instant) => DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
  return (
    <Page title={`${state.grade} lead: ${nameOf(story)}`} links={{ 'My leads': '/my' }}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <Joins lead={story.fields} joins={handover.joins} link={joinsPage} />
      <Who grade={state.grade} story={story} />
      <dl class="facts">
        <KnownFacts story={story} />
        <Fact name="Assigned to" value={state.owner.name} />
        {state.state === 'assigned' ? (
          <Fact name="Answer by" value={moment(state.acceptDueAt)} at={state.acceptDueAt} />
        ) : (
          ''
        )}
        {state.state === 'assigned' || state.state === 'accepted' ? (
          <Fact
            name="First contact by"
            value={moment(state.contactDueAt)}
            at={state.contactDueAt}
          />
        ) : (
          ''
        )}
        {state.state === 'contacted' && state.feedbackDueAt !== null ? (
          <Fact name="Feedback by" value={moment(state.feedbackDueAt)} at={state.feedbackDueAt} />
        ) : (
          ''
        )}
      </dl>
      <Answers state={state} action={action} agreement={agreement} tomorrow={tomorrow} />
      <p class="quiet" safe>
        {otherwise}
      </p>
      <h2>Why now</h2>
      <ul class="why">
        {whyNow(crossing, outlook, zone).map(line => (
          <li safe>{line}</li>
        ))}
      </ul>
      <p class="quiet" safe>{`Its points as they were on ${moment(crossing.score.at)}:`}</p>
      <Explanation score={crossing.score} />
      <LastTime said={handover.lastTime} at={at} zone={zone} />
      <ToTalkAbout talk={talk} />
      <p>
        <a href={leadPage}>The whole story of this lead</a>: its grades so far, where it is, and
        what is planned.
      </p>
      <AccountLeads leads={colleagues} agreed={agreement.stages} />
      <Said state={state} moment={moment} />
      <h2>What happened</h2>
      <Timeline entries={story.timeline} moment={moment} commentOn={props.commentOn} />
      <p
        class="quiet"
        safe
      >{`Why ${state.owner.name}: ${state.assignment.reason}. Times are ${zone}.`}</p>
    </Page>
  ) as string;
}

/** What sales said and tried so far; nothing, when that is nothing. */
function Said({
  state,
  moment,
}: {
  state: EscalationState;
  moment: (at: Instant) => string;
}): string {
  const lines = [
    ...state.dispositions.map(({ at, person, kind, reason, note }) => ({
      at,
      text: [`${person} ${saidOf(kind, 'this lead')}`, reason, note].filter(Boolean).join(': '),
    })),
    ...state.attempts.map(({ at, person, kind, note }) => ({
      at,
      text: [`${person} tried a ${kind}`, note].filter(Boolean).join(': '),
    })),
  ].toSorted((a, b) => b.at - a.at);
  if (lines.length === 0) return '';
  return (
    <>
      <h2>What sales said</h2>
      <ul class="why">
        {lines.map(({ at, text }) => (
          <li safe>{`${moment(at)}: ${text}`}</li>
        ))}
      </ul>
    </>
  ) as string;
}
