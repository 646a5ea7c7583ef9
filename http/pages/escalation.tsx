import { DateTime } from 'luxon';
import { explainScore, foretell, summarize } from '../../domain/agreement/explain.ts';
import type { AgreementDocument } from '../../domain/agreement/schema.ts';
import { formatPoints } from '../../domain/hundredths.ts';
import type { Instant } from '../../domain/instant.ts';
import type { GradeChange } from '../../domain/agreement/next-change.ts';
import type { Score } from '../../domain/agreement/score.ts';
import { causeInWords } from '../../domain/nurture/cause.ts';
import type { EscalationState } from '../../store/escalation.ts';
import type { LeadStory } from '../../store/story.ts';
import { Page } from './layout.tsx';

export interface EscalationProps {
  state: EscalationState;
  story: LeadStory;
  agreement: AgreementDocument;
  /** The score that the escalation rests on. */
  score: Score;
  /** What the grade becomes if nothing happens. */
  change: GradeChange | null;
  action: string;
  /** Why the last answer was not taken, in a sentence. */
  notice: string | null;
}

/** A rep's page of one lead: who, why now, what happened, and the two answers. */
export function EscalationPage(props: EscalationProps): string {
  const { state, story, agreement, score, change, action, notice } = props;
  const { zone } = agreement.working_hours;
  const moment = (at: Instant) => DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
  const { fields } = story;
  const name = [fields.firstName, fields.lastName].filter(Boolean).join(' ') || 'A lead';
  const last = state.dispositions.at(-1);
  return (
    <Page title={`${state.grade} lead: ${name}`}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <div class="title-row">
        <span class={`grade grade-${state.grade}`}>{state.grade}</span>
        <h1 safe>{name}</h1>
      </div>
      <p class="lede" safe>
        {[fields.title, fields.company].filter(Boolean).join(', ')}
      </p>
      <dl class="facts">
        <Fact name="Mail" value={story.address} />
        <Fact name="Country" value={[fields.country, fields.region].filter(Boolean).join(', ')} />
        <Fact name="Industry" value={fields.industry} />
        <Fact
          name="Employees"
          value={fields.employees === null ? null : String(fields.employees)}
        />
        <Fact name="Came from" value={story.source} />
        <Fact name="Assigned to" value={state.owner.name} />
        <Fact name="Answer by" value={moment(state.acceptDueAt)} at={state.acceptDueAt} />
        <Fact name="First contact by" value={moment(state.contactDueAt)} at={state.contactDueAt} />
      </dl>
      <Answers
        state={state}
        action={action}
        reasons={Object.keys(agreement.rejections)}
        last={last}
      />
      <h2>Why now</h2>
      <p safe>{`${causeInWords[state.cause]} ${summarize(score)}.`}</p>
      <Explanation score={score} />
      {change === null ? (
        ''
      ) : (
        <p
          class="quiet"
          safe
        >{`Now ${story.grade ?? state.grade}; ${foretell(change, story.grade ?? state.grade, zone)}.`}</p>
      )}
      <h2>What happened</h2>
      <ol class="timeline">
        {story.timeline.map(({ at, what, detail }) => (
          <li>
            <span class="quiet" safe>
              {moment(at)}
            </span>
            <span safe>{what}</span>
            <span safe>{detail ?? ''}</span>
          </li>
        ))}
      </ol>
      <p
        class="quiet"
        safe
      >{`Why ${state.owner.name}: ${state.assignment.reason}. Times are ${zone}.`}</p>
    </Page>
  ) as string;
}

function Fact(props: { name: string; value: string | null; at?: Instant }): string {
  const value = props.value === null || props.value === '' ? 'not known' : props.value;
  return (
    <div>
      <dt safe>{props.name}</dt>
      {props.at === undefined ? (
        <dd safe>{value}</dd>
      ) : (
        <dd>
          <time datetime={new Date(props.at).toISOString()} safe>
            {value}
          </time>
        </dd>
      )}
    </div>
  ) as string;
}

function Explanation({ score }: { score: Score }): string {
  const lines = explainScore(score);
  return (
    <div class="scroll">
      {(['fit', 'engagement'] as const).map(axis => (
        <table>
          <thead>
            <tr>
              <th scope="col">{axis}</th>
              <th scope="col">how it counts</th>
              <th scope="col" class="points">
                points
              </th>
            </tr>
          </thead>
          <tbody>
            {lines
              .filter(line => line.axis === axis)
              .map(({ what, how, points }) => (
                <tr>
                  <td safe>{what}</td>
                  <td class="quiet" safe>
                    {how}
                  </td>
                  <td class="points" safe>
                    {points}
                  </td>
                </tr>
              ))}
            <tr class="sum">
              <td safe>{`${axis}, in all`}</td>
              <td></td>
              <td class="points" safe>
                {formatPoints(score[axis])}
              </td>
            </tr>
          </tbody>
        </table>
      ))}
    </div>
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
