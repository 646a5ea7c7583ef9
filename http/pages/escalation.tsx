import { DateTime } from 'luxon';
import type { AgreementDocument } from '../../domain/agreement/schema.ts';
import type { Instant } from '../../domain/instant.ts';
import { whyNow, type Crossing, type Outlook } from '../../domain/nurture/why-now.ts';
import type { EscalationState } from '../../store/escalation.ts';
import type { LeadStory } from '../../store/story.ts';
import { Explanation } from './explanation.tsx';
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
}

/** A rep's page of one lead: who, why now, what happened, and the two answers. */
export function EscalationPage(props: EscalationProps): string {
  const { state, story, agreement, crossing, outlook, leadPage, action, notice } = props;
  const { zone } = agreement.working_hours;
  const moment = (at: Instant) => DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
  return (
    <Page title={`${state.grade} lead: ${nameOf(story)}`}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <Who grade={state.grade} story={story} />
      <dl class="facts">
        <KnownFacts story={story} />
        <Fact name="Assigned to" value={state.owner.name} />
        <Fact name="Answer by" value={moment(state.acceptDueAt)} at={state.acceptDueAt} />
        <Fact name="First contact by" value={moment(state.contactDueAt)} at={state.contactDueAt} />
      </dl>
      <Answers
        state={state}
        action={action}
        reasons={Object.keys(agreement.rejections)}
        last={state.dispositions.at(-1)}
      />
      <h2>Why now</h2>
      <ul class="why">
        {whyNow(crossing, outlook, zone).map(line => (
          <li safe>{line}</li>
        ))}
      </ul>
      <p class="quiet" safe>{`Its points as they were on ${moment(crossing.score.at)}:`}</p>
      <Explanation score={crossing.score} />
      <p>
        <a href={leadPage}>The whole story of this lead</a>: its grades so far, where it is, and
        what is planned.
      </p>
      <h2>What happened</h2>
      <Timeline entries={story.timeline} moment={moment} />
      <p
        class="quiet"
        safe
      >{`Why ${state.owner.name}: ${state.assignment.reason}. Times are ${zone}.`}</p>
    </Page>
  ) as string;
}

interface AnswersProps {
  state: EscalationState;
  action: string;
  reasons: string[];
  last: EscalationState['dispositions'][number] | undefined;
}

function Answers({ state, action, reasons, last }: AnswersProps): string {
  if (last?.kind === 'rejected')
    return (
      <p
        class="notice"
        role="status"
        safe
      >{`${last.person} rejected this lead: ${last.reason ?? ''}. It is back with marketing.`}</p>
    ) as string;
  return (
    <section class="answers" aria-label="Your answer">
      {last?.kind === 'accepted' ? (
        <p
          class="notice"
          role="status"
          safe
        >{`${last.person} accepted this lead. It is yours to work.`}</p>
      ) : (
        <form method="post" action={action}>
          <h2>Take it</h2>
          <p class="quiet">You work this lead from here on. Nurture has stopped.</p>
          <button type="submit" name="answer" value="accepted">
            Accept
          </button>
        </form>
      )}
      <form method="post" action={action}>
        <h2>{state.state === 'accepted' ? 'Give it back' : 'Not for you'}</h2>
        <label>
          Reason
          <select name="reason" required>
            <option value="">Choose a reason</option>
            {reasons.map(reason => (
              <option value={reason} safe>
                {reason}
              </option>
            ))}
          </select>
        </label>
        <label>
          Note for marketing
          <input name="note" maxlength="500" placeholder="What did you hear?" />
        </label>
        <button type="submit" name="answer" value="rejected" class="secondary">
          Reject
        </button>
      </form>
    </section>
  ) as string;
}
