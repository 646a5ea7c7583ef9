import { oneFile } from '../../charts/one-file.tsx';
import type { BodyChange, SequenceChange, SequenceDifference } from '../../domain/sequence/diff.ts';
import type { Beside } from '../../mail/beside.ts';
import { MailsBeside } from './mails-beside.tsx';

export interface SequenceDiffProps {
  name: string;
  /** What the two sides are called. */
  before: string;
  after: string;
  difference: SequenceDifference;
  mails: readonly Beside[];
}

/** What one version of a sequence does differently than another, as one file. */
export function sequenceDiffHtml(props: SequenceDiffProps): string {
  const title = `${props.name}: ${props.after} against ${props.before}`;
  return oneFile(
    title,
    [],
    <>
      <h1 safe>{title}</h1>
      <DifferenceView {...props} />
    </>,
  );
}

/** What is different in words, line by line, and as the mails look. It stands in any page that allows inline styles. */
export function DifferenceView(props: Omit<SequenceDiffProps, 'name'>): string {
  const { before, after, difference, mails } = props;
  return (
    <>
      <h2 safe>{`What ${after} does differently`}</h2>
      <InWords changes={difference.changes} />
      {difference.bodies.map(body => (
        <Body body={body} />
      ))}
      <h2>The mails</h2>
      <MailsBeside mails={mails} before={before} after={after} />
    </>
  ) as string;
}

function InWords({ changes }: { changes: readonly SequenceChange[] }): string {
  if (changes.length === 0) return (<p>Nothing.</p>) as string;
  return (
    <ul>
      {changes.map(({ words }) => (
        <li safe>{words}</li>
      ))}
    </ul>
  ) as string;
}

function Body({ body: { mail, passages } }: { body: BodyChange }): string {
  return (
    <details>
      <summary safe>{`What ${mail} says, line by line`}</summary>
      {passages === null ? (
        <p>It is another text as a whole.</p>
      ) : (
        passages.map(lines => (
          <pre class="passage" tabindex="0">
            {lines.map(line => (
              <Line line={line} />
            ))}
          </pre>
        ))
      )}
    </details>
  ) as string;
}

function Line({ line }: { line: string }): string {
  const text = `${line}\n`;
  if (line.startsWith('+')) return (<ins safe>{text}</ins>) as string;
  if (line.startsWith('-')) return (<del safe>{text}</del>) as string;
  return (<span safe>{text}</span>) as string;
}
