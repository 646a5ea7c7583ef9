import type { PropsWithChildren } from '@kitajs/html';
import { DateTime } from 'luxon';
import { isBroken, type BrokenDraft, type Draft } from '../../../mail/drafts.ts';
import type { SequenceDraft } from '../../../mail/sequence-folder.ts';
import { overviewDays, type SequenceOverview } from '../../../store/sequence-flow.ts';
import type { Asked } from '../../studio/context.ts';
import type { Published } from '../../studio/published.ts';
import { count, findingsInShort, NoNumbers, Problems, StudioPage, type Watched } from './parts.tsx';

/** What is known of sequences that were published, by their names. */
export interface LiveSequences {
  overviews: ReadonlyMap<string, SequenceOverview>;
  published: ReadonlyMap<string, Published | null>;
}

export interface SequencesProps {
  drafts: readonly Draft[];
  live: Asked<LiveSequences>;
  watched: Watched;
}

/** All sequences of the folder. */
export function SequencesPage({ drafts, live, watched }: SequencesProps): string {
  return (
    <StudioPage title="Sequences" watched={watched}>
      <h1>Sequences</h1>
      {drafts.length === 0 ? (
        <p class="lede">
          There are none yet. Write your first sequence: <code>templates/README.md</code> shows how,
          in ten steps. It is here as soon as it is saved.
        </p>
      ) : (
        <p class="lede" safe>
          {summary(drafts, live)}
        </p>
      )}
      {'none' in live && drafts.length > 0 ? <NoNumbers none={live.none} /> : ''}
      <ul class="sequences">
        {drafts.map(draft =>
          isBroken(draft) ? (
            <Broken draft={draft} />
          ) : (
            <Sequence draft={draft} live={'answer' in live ? live.answer : null} />
          ),
        )}
      </ul>
    </StudioPage>
  ) as string;
}

function summary(drafts: readonly Draft[], live: Asked<LiveSequences>): string {
  const all = `${drafts.length} ${drafts.length === 1 ? 'sequence' : 'sequences'}`;
  if ('none' in live) return `${all} in the templates folder.`;
  const { overviews } = live.answer;
  const underWay = drafts.reduce((sum, { name }) => sum + (overviews.get(name)?.underWay ?? 0), 0);
  return `${all} in the templates folder, ${count(underWay)} ${underWay === 1 ? 'lead' : 'leads'} under way in them. Mails and ends are those of the last ${overviewDays} days.`;
}

function Sequence({ draft, live }: { draft: SequenceDraft; live: LiveSequences | null }): string {
  const { name, findings } = draft;
  const { goal, owner, audience } = draft.linted.document;
  const overview = live?.overviews.get(name) ?? null;
  return (
    <li>
      <h2>
        <a href={`/studio/${name}`} safe>
          {name}
        </a>
      </h2>
      <p safe>{goal}</p>
      <Badges findings={findingsInShort(findings)} isWrong={hasErrors(draft)}>
        {live === null ? '' : <Status published={live.published.get(name) ?? null} />}
      </Badges>
      {overview === null ? '' : <Overview overview={overview} />}
      <p class="quiet" safe>
        {[`Owner: ${owner}`, ...(audience === undefined ? [] : [`for ${audience}`])].join(' · ')}
      </p>
    </li>
  ) as string;
}

function hasErrors({ findings }: SequenceDraft): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function Badges({
  findings,
  isWrong,
  children,
}: PropsWithChildren<{ findings: string | null; isWrong: boolean }>): string {
  return (
    <p class="badges">
      {children}
      {findings === null ? (
        <span class="badge good">nothing to mend</span>
      ) : (
        <span class={isWrong ? 'badge error' : 'badge warning'} safe>
          {findings}
        </span>
      )}
    </p>
  ) as string;
}

/** Whether a sequence is live, and whether its files say something else. */
export function Status({ published }: { published: Published | null }): string {
  if (published === null) return (<span class="badge">not published</span>) as string;
  const { version, at, isChanged } = published;
  const since = DateTime.fromMillis(at).toFormat('d LLL yyyy');
  return (
    <>
      <span class="badge live" safe>{`version ${version} live since ${since}`}</span>
      {isChanged ? <span class="badge changed">changed since it was published</span> : ''}
    </>
  ) as string;
}

/** The figures of a sequence. */
export function Overview({ overview }: { overview: SequenceOverview }): string {
  const { underWay, mails, finished, escalated } = overview;
  return (
    <ul class="counts">
      <li>
        <b safe>{count(underWay)}</b>
        under way
      </li>
      <li>
        <b safe>{count(mails)}</b>
        {mails === 1 ? 'mail' : 'mails'}
      </li>
      <li>
        <b safe>{count(finished)}</b>
        finished
      </li>
      <li>
        <b safe>{count(escalated)}</b>
        to sales
      </li>
    </ul>
  ) as string;
}

function Broken({ draft: { name, file, problems } }: { draft: BrokenDraft }): string {
  return (
    <li class="broken">
      <h2>
        <a href={`/studio/${encodeURIComponent(name)}`} safe>
          {name}
        </a>
      </h2>
      <p>It cannot be read.</p>
      <Problems file={file} problems={problems} />
    </li>
  ) as string;
}
