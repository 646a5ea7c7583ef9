import type { Problem } from '../../../domain/document/problem.ts';
import { StudioPage, type Watched } from './parts.tsx';

/** Something found in a text; what it is called by where it is known. */
export interface FoundInSource extends Problem {
  severity?: string;
  rule?: string;
}

/** Longer files are shown in part: nobody reads them here. */
const most = { lines: 3_000, characters: 2_000 };

/** A text as somebody wrote it, with its lines numbered and what was found beside its line. */
export function Source({
  text,
  found,
  label,
}: {
  text: string;
  found: readonly FoundInSource[];
  label: string;
}): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, most.lines);
  return (
    <>
      <ol class="source" aria-label={label}>
        {shown.map((line, index) => (
          <li>
            <code safe>
              {line.length > most.characters ? `${line.slice(0, most.characters)} …` : line}
            </code>
            {found
              .filter(problem => problem.line === index + 1)
              .map(({ severity = 'error', message, rule }) => (
                <p class={`note ${severity}`}>
                  <b safe>{severity}</b> <span safe>{message}</span>
                  {rule === undefined ? '' : <small class="quiet" safe>{` ${rule}`}</small>}
                </p>
              ))}
          </li>
        ))}
      </ol>
      {lines.length > shown.length ? (
        <p class="quiet" safe>{`Of ${lines.length} lines the first ${shown.length} are shown.`}</p>
      ) : (
        ''
      )}
    </>
  ) as string;
}

/** `sequence.yaml` of a sequence, also of one that cannot be read. */
export function SourcePage({
  name,
  text,
  found,
  elsewhere,
  watched,
}: {
  name: string;
  text: string;
  found: readonly FoundInSource[];
  /** What was found in other files, as HTML. */
  elsewhere: string;
  watched: Watched;
}): string {
  const safeElsewhere = elsewhere;
  return (
    <StudioPage
      title={`sequence.yaml of ${name}`}
      watched={watched}
      above={[
        ['Sequences', '/studio'],
        [name, `/studio/${encodeURIComponent(name)}`],
      ]}
    >
      <h1>sequence.yaml</h1>
      <p class="lede" safe>
        {found.length === 0
          ? `The plan of ${name}, as it is saved. Nothing to mend in it.`
          : `The plan of ${name}, as it is saved, with what was found beside its line.`}
      </p>
      {safeElsewhere}
      <Source text={text} found={found} label="sequence.yaml" />
    </StudioPage>
  ) as string;
}
