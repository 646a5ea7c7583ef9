import { capInWords, conditionInWords, windowInWords } from '../../../domain/sequence/in-words.ts';
import type { BrokenDraft } from '../../../mail/drafts.ts';
import type { SequenceDraft } from '../../../mail/sequence-folder.ts';
import { overviewDays, type SequenceOverview } from '../../../store/sequence-flow.ts';
import type { Asked } from '../../studio/context.ts';
import type { Published } from '../../studio/published.ts';
import type { ShownSequence } from '../../studio/steps.ts';
import { becomes, Flow, type FlowFigures, type FlowProps } from './flow.tsx';
import {
  count,
  Findings,
  findingsInShort,
  NoNumbers,
  Problems,
  StudioPage,
  type Watched,
} from './parts.tsx';
import { Overview, Status } from './sequences.tsx';

/** What is known of a sequence that was published. */
export interface LiveSequence {
  published: Published | null;
  overview: SequenceOverview | null;
  figures: FlowFigures;
  /** Under way at steps that the files have no more. */
  elsewhere: number;
  /** What stands out in its figures, in words. */
  standsOut: readonly string[];
}

export interface SequenceProps extends Pick<FlowProps, 'subjectOf' | 'names'> {
  draft: SequenceDraft;
  shown: ShownSequence;
  live: Asked<LiveSequence>;
  watched: Watched;
}

/** One sequence: what it is for, and how it goes. */
export function SequencePage(props: SequenceProps): string {
  const { draft, shown, watched, subjectOf, names } = props;
  const { name } = draft;
  const live = 'answer' in props.live ? props.live.answer : null;
  const found = findingsInShort(draft.findings);
  return (
    <StudioPage title={name} watched={watched} above={[['Sequences', '/studio']]}>
      <h1 safe>{name}</h1>
      <p class="lede" safe>
        {draft.content.goal}
      </p>
      <p class="badges">
        {live === null ? '' : <Status published={live.published} />}
        {found === null ? (
          <span class="badge good">nothing to mend</span>
        ) : (
          <a class="badge warning" href={`/studio/${name}/sequence.yaml`} safe>
            {found}
          </a>
        )}
        <a class="badge" href={`/studio/${name}/sequence.yaml`}>
          sequence.yaml
        </a>
      </p>
      {'none' in props.live ? <NoNumbers none={props.live.none} /> : ''}
      {live?.overview == null ? (
        ''
      ) : (
        <>
          <Overview overview={live.overview} />
          <p class="quiet since">{`Under way is now; the others are the last ${overviewDays} days.`}</p>
        </>
      )}
      <Rules draft={draft} />
      {live?.published?.difference == null ? (
        ''
      ) : (
        <Changes published={live.published} name={name} />
      )}
      <Findings findings={shown.findings} />
      <h2>How it goes</h2>
      {live === null || live.figures.after.length === 0 ? '' : <Legend live={live} />}
      <Flow {...{ name, subjectOf, names }} steps={shown.steps} figures={live?.figures ?? null} />
      {live === null || live.standsOut.length === 0 ? (
        ''
      ) : (
        <>
          <h2>What stands out</h2>
          <ul>
            {live.standsOut.map(text => (
              <li safe>{text}</li>
            ))}
          </ul>
        </>
      )}
    </StudioPage>
  ) as string;
}

/** A sequence whose files cannot be read, with what keeps them from it. */
export function BrokenPage({ draft, watched }: { draft: BrokenDraft; watched: Watched }): string {
  const { name, file, problems, source } = draft;
  return (
    <StudioPage title={name} watched={watched} above={[['Sequences', '/studio']]}>
      <h1 safe>{name}</h1>
      <p class="lede">It cannot be read. What is live goes on as it is.</p>
      <Problems file={file} problems={problems} />
      {source === null ? (
        ''
      ) : (
        <p>
          <a href={`/studio/${encodeURIComponent(name)}/sequence.yaml`}>sequence.yaml</a>
        </p>
      )}
    </StudioPage>
  ) as string;
}

function Rules({ draft: { linted } }: { draft: SequenceDraft }): string {
  const { owner, audience, window, cap, leave_when: leaves = [] } = linted.document;
  return (
    <dl class="facts">
      <div>
        <dt>Owner</dt>
        <dd safe>{owner}</dd>
      </div>
      {audience === undefined ? (
        ''
      ) : (
        <div>
          <dt>For</dt>
          <dd safe>{audience}</dd>
        </div>
      )}
      <div>
        <dt>Mails go out</dt>
        <dd safe>{windowInWords(window ?? null)}</dd>
      </div>
      <div>
        <dt>At most</dt>
        <dd safe>
          {cap === undefined ? 'as agreed' : `${capInWords(cap)}, and no more than agreed`}
        </dd>
      </div>
      <div>
        <dt>A lead leaves it</dt>
        <dd>
          when it answers, crosses the line, leaves, or wants quiet
          {leaves.map(({ if: asked, because }) => (
            <>
              <br />
              <span safe>{`when ${conditionInWords(asked)}: ${because}`}</span>
            </>
          ))}
        </dd>
      </div>
    </dl>
  ) as string;
}

function Changes({ published, name }: { published: Published; name: string }): string {
  const { difference, version } = published;
  const changes = difference?.changes ?? [];
  const bodies = difference?.bodies ?? [];
  return (
    <details>
      <summary safe>{`What differs from version ${version}, which is live`}</summary>
      <ul>
        {changes.map(({ words }) => (
          <li safe>{words}</li>
        ))}
        {bodies.map(({ mail }) => (
          <li safe>{`${mail}: what it says`}</li>
        ))}
        {changes.length + bodies.length === 0 ? (
          <li>How a mail is made, and nothing it says.</li>
        ) : (
          ''
        )}
      </ul>
      <p>
        <code safe>{`npx lockstep sequence diff ${name}`}</code>
      </p>
    </details>
  ) as string;
}

function Legend({ live: { elsewhere } }: { live: LiveSequence }): string {
  return (
    <>
      <ul class="legend">
        {Object.entries(becomes).map(([key, words]) => (
          <li>
            <i class={key}></i>
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <p class="quiet">
        A bar is everybody who ever got the mail, in all versions, by what became of them. The share
        that went on is of those of whom that is known.
      </p>
      {elsewhere === 0 ? (
        ''
      ) : (
        <p class="quiet" safe>
          {`${count(elsewhere)} are under way in older versions, at steps that are no more.`}
        </p>
      )}
    </>
  ) as string;
}
