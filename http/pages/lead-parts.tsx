import type { Week } from '../../domain/calendar/week.ts';
import { momentInWords, timeLeft } from '../../domain/escalation/time-left.ts';
import { wishInWords } from '../../domain/event/event.ts';
import type { SendId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { leadName } from '../../domain/lead/name.ts';
import type { Duty } from '../../store/desk.ts';
import type { LeadStory, TimelineEntry } from '../../store/story.ts';

/** What pages of one lead have in common. */

export function Fact(props: { name: string; value: string | null; at?: Instant }): string {
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

/** Who it is: the grade beside the name, what they are, and what is known of them. */
export function Who({ grade, story }: { grade: string; story: LeadStory }): string {
  const { fields } = story;
  return (
    <>
      <div class="title-row">
        <span class={`grade grade-${grade}`} safe>
          {grade}
        </span>
        <h1 safe>{nameOf(story)}</h1>
      </div>
      <p class="lede" safe>
        {[fields.title, fields.company].filter(Boolean).join(', ')}
      </p>
    </>
  ) as string;
}

/** What an owner is to do. */
export const dutyInWords: Readonly<Record<Duty, string>> = {
  answer: 'Answer',
  'first contact': 'First contact',
  feedback: 'How it goes',
};

/** What a page calls a lead. */
export function nameOf({ fields }: Pick<LeadStory, 'fields'>): string {
  return leadName(fields) ?? 'A lead';
}

/** What is known of a lead, as facts of a list. */
export function KnownFacts({ story }: { story: LeadStory }): string {
  const { fields } = story;
  return (
    <>
      <Fact name="Mail" value={story.address} />
      <Fact name="Country" value={[fields.country, fields.region].filter(Boolean).join(', ')} />
      <Fact name="Industry" value={fields.industry} />
      <Fact name="Employees" value={fields.employees === null ? null : String(fields.employees)} />
      <Fact name="Came from" value={story.source} />
      {story.wish === null ? '' : <Fact name="Says" value={wishInWords[story.wish.wish]} />}
    </>
  ) as string;
}

/** How much time is left, and until when; or that there is none. */
export function Due(props: { due: Instant; at: Instant; week: Week; zone: string }): string {
  const { due, at, week, zone } = props;
  return (
    <>
      <dd class={due <= at ? 'overdue' : ''} safe>
        {timeLeft(due, at, week, zone)}
      </dd>
      {due <= at ? (
        ''
      ) : (
        <dd class="quiet">
          by{' '}
          <time datetime={new Date(due).toISOString()} safe>
            {momentInWords(due, zone)}
          </time>
        </dd>
      )}
    </>
  ) as string;
}

/** What happened, newest first. */
export function Timeline(props: {
  entries: readonly TimelineEntry[];
  moment: (at: Instant) => string;
  /** Where a mail is commented on; left out where it is not. */
  commentOn?: (send: SendId) => string;
}): string {
  return (
    <ol class="timeline">
      {props.entries.map(({ at, what, detail, send }) => (
        <li>
          <span class="quiet" safe>
            {props.moment(at)}
          </span>
          <span safe>{what}</span>
          <span>
            <span safe>{detail ?? ''}</span>
            {send === undefined || props.commentOn === undefined ? (
              ''
            ) : (
              <a
                class="quiet aside"
                href={props.commentOn(send)}
                aria-label={`comment on ${detail ?? 'it'}`}
              >
                comment
              </a>
            )}
          </span>
        </li>
      ))}
    </ol>
  ) as string;
}
