import { momentInWords } from '../../domain/escalation/time-left.ts';
import type { Talk } from '../../domain/escalation/talk.ts';
import type { Instant } from '../../domain/instant.ts';
import { askedInWords, longestRemark } from '../../domain/task/task.ts';
import { howItEnded } from '../../domain/task/told.ts';
import type { LeadStory } from '../../store/story.ts';
import type { Task } from '../../store/task.ts';
import { ToTalkAbout } from './handover.tsx';
import { Page } from './layout.tsx';
import { Fact, KnownFacts, nameOf, Timeline, Who } from './lead-parts.tsx';

export interface TaskProps {
  task: Task;
  story: LeadStory;
  talk: Talk | null;
  /** The signed link to all there is of the lead. */
  leadPage: string;
  action: string;
  /** Why what was said was not taken, in a sentence. */
  notice: string | null;
  zone: string;
}

/** A task of a person: what is asked, for whom, and the two things to say of it. */
export function TaskPage(props: TaskProps): string {
  const { task, story, talk, leadPage, action, notice, zone } = props;
  const moment = (at: Instant) => momentInWords(at, zone);
  const { kind, note, person, dueAt, state, sequence, stepKey } = task;
  return (
    <Page title={`${askedInWords[kind]}: ${nameOf(story)}`} links={{ 'My leads': '/my' }}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <Who grade={story.grade ?? '?'} story={story} />
      <dl class="facts">
        <Fact name="To do" value={askedInWords[kind]} />
        <Fact name="By" value={moment(dueAt)} at={dueAt} />
        <Fact name="Asked is" value={person.name} />
        <KnownFacts story={story} />
      </dl>
      {note === null ? (
        ''
      ) : (
        <p class="lede" safe>
          {note}
        </p>
      )}
      {state === 'open' ? (
        <section class="answers" aria-label="What became of it">
          <Says
            action={action}
            title="It is done"
            state="done"
            button="Done"
            label="What did you hear?"
          />
          <Says
            action={action}
            title="Not this time"
            state="skipped"
            button="Skip"
            label="Why not?"
          />
        </section>
      ) : (
        <p class="notice" role="status" safe>
          {`This task is ${state === 'lapsed' ? 'over' : 'settled'}: ${howItEnded(task)}.`}
        </p>
      )}
      {story.suppressed === null ? (
        ''
      ) : (
        <p class="quiet" safe>{`It is never mailed (${story.suppressed}), but you may call.`}</p>
      )}
      <ToTalkAbout talk={talk} />
      <p>
        <a href={leadPage}>The whole story of this lead</a>: its grades so far, where it is, and
        what is planned.
      </p>
      <h2>What happened</h2>
      <Timeline entries={story.timeline} moment={moment} />
      <p class="quiet" safe>
        {`Step ${stepKey} of ${sequence}. Times are ${zone}.`}
      </p>
    </Page>
  ) as string;
}

interface SaysProps {
  action: string;
  title: string;
  state: 'done' | 'skipped';
  button: string;
  label: string;
}

function Says({ action, title, state, button, label }: SaysProps): string {
  return (
    <form method="post" action={action} id={state}>
      <h2 safe>{title}</h2>
      <label>
        <span safe>{label}</span>
        <input name="remark" maxlength={longestRemark} />
      </label>
      <button
        type="submit"
        name="said"
        value={state}
        {...(state === 'skipped' ? { class: 'secondary' } : {})}
        safe
      >
        {button}
      </button>
    </form>
  ) as string;
}
