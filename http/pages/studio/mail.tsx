import { DateTime } from 'luxon';
import type { RuledFinding } from '../../../domain/sequence/lint/rules.ts';
import type { EdgeCase } from '../../../mail/edge-cases.ts';
import type { Preview } from '../../../mail/preview.ts';
import type { MailComment } from '../../../store/comment.ts';
import { lookNames, looks, Made, type Look } from './mail-made.tsx';
import { findingsInShort, StudioPage, type Watched } from './parts.tsx';
import { Source } from './source.tsx';

/** A mail, or one of its variants, as the chosen lead gets it. */
export interface ShownMail {
  variant: string | null;
  made: Preview | { blocked: string };
  /** Its file: as a marketer wrote it, and what was found in it and in its step. */
  file: string;
  source: string;
  findings: readonly RuledFinding[];
}

export interface MailProps {
  sequence: string;
  mail: string;
  /** Those that are shown: one, or all variants side by side. */
  shown: readonly ShownMail[];
  /** The variants that there are. */
  variants: readonly string[];
  /** The one that is shown; `all` for all of them. */
  variant: string;
  look: Look;
  /** The lead that it is shown as: the key of an example, or an id; and what it is called. */
  lead: { key: string; title: string };
  examples: readonly EdgeCase[];
  /** Why no real lead can be chosen; null where one can. */
  noLeads: string | null;
  notice: string | null;
  /** What sales says of it. */
  comments: readonly MailComment[];
  /** The mails before and after it in the plan. */
  beside: { before: string | null; after: string | null };
  watched: Watched;
}

/** One mail, as a lead gets it. */
export function MailPage(props: MailProps): string {
  const { sequence, mail, shown, notice, watched } = props;
  const several = shown.length > 1;
  return (
    <StudioPage
      title={`${mail} of ${sequence}`}
      watched={watched}
      above={[
        ['Sequences', '/studio'],
        [sequence, `/studio/${sequence}`],
      ]}
    >
      <div class="title-row">
        <h1 safe>{mail}</h1>
        <Beside {...props} />
      </div>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <Choices {...props} />
      <div class={several ? 'side-by-side' : undefined}>
        {shown.map(one => (
          <section>
            {several ? <h2 safe>{one.variant ?? mail}</h2> : ''}
            <Shown {...props} one={one} isNarrow={several} />
          </section>
        ))}
      </div>
      <Comments comments={props.comments} />
    </StudioPage>
  ) as string;
}

function Comments({ comments }: { comments: readonly MailComment[] }): string {
  if (comments.length === 0) return '';
  return (
    <>
      <h2>What sales says of it</h2>
      <ul class="comments">
        {comments.map(({ by, text, at, version }) => (
          <li>
            <p safe>{text}</p>
            <p class="quiet" safe>
              {`${by.name}, ${DateTime.fromMillis(at).toFormat('d LLL yyyy')}, of version ${version}`}
            </p>
          </li>
        ))}
      </ul>
    </>
  ) as string;
}

function Beside({ sequence, beside: { before, after } }: MailProps): string {
  return (
    <nav class="beside" aria-label="Mails of this sequence">
      {before === null ? (
        ''
      ) : (
        <a href={`/studio/${sequence}/${before}`} safe>
          {`Before: ${before}`}
        </a>
      )}
      {after === null ? (
        ''
      ) : (
        <a href={`/studio/${sequence}/${after}`} safe>
          {`Next: ${after}`}
        </a>
      )}
    </nav>
  ) as string;
}

function Choices(props: MailProps): string {
  const { sequence, mail, variants, variant, look, lead, examples, noLeads } = props;
  const isExample = examples.some(({ key }) => key === lead.key);
  return (
    <div class="choices">
      <form method="get" action={`/studio/${sequence}/${mail}`}>
        <label>
          As it goes to
          <select name="lead">
            {isExample ? (
              ''
            ) : (
              <option value={lead.key} selected safe>
                {lead.title}
              </option>
            )}
            {examples.map(({ key, title }) => (
              <option value={key} selected={key === lead.key} safe>
                {title}
              </option>
            ))}
          </select>
        </label>
        {variants.length === 0 ? (
          ''
        ) : (
          <label>
            Variant
            <select name="variant">
              {[...variants, 'all'].map(name => (
                <option value={name} selected={name === variant} safe>
                  {name === 'all' ? 'side by side' : name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Seen
          <select name="look">
            {looks.map(name => (
              <option value={name} selected={name === look} safe>
                {lookNames[name]}
              </option>
            ))}
          </select>
        </label>
        <button>Show</button>
      </form>
      {noLeads === null ? (
        <form method="post" action={`/studio/${sequence}/${mail}/lead`}>
          <input type="hidden" name="variant" value={variant} />
          <input type="hidden" name="look" value={look} />
          <label>
            Or to a real lead, by its address
            <input type="email" name="address" autocomplete="off" required />
          </label>
          <button class="secondary">Show</button>
        </form>
      ) : (
        <p class="quiet" safe>{`No real lead can be chosen: ${noLeads}.`}</p>
      )}
    </div>
  ) as string;
}

type OneProps = MailProps & { one: ShownMail; isNarrow: boolean };

function Shown(props: OneProps): string {
  const { made, findings, file, source } = props.one;
  const found = findingsInShort(findings);
  return (
    <>
      {'blocked' in made ? (
        <Blocked why={made.blocked} />
      ) : (
        <Made {...props} variant={props.one.variant} made={made} />
      )}
      <details open={found !== null}>
        <summary safe>
          {`${file.split(/[/\\]/).at(-1) ?? file}${found === null ? '' : `: ${found}`}`}
        </summary>
        <OfStep findings={findings} file={file} />
        <Source
          text={source}
          found={findings.filter(finding => finding.file === file)}
          label={file}
        />
      </details>
    </>
  ) as string;
}

/** What was found in the step that sends a mail, and not in its file. */
function OfStep({ findings, file }: { findings: readonly RuledFinding[]; file: string }): string {
  const others = findings.filter(finding => finding.file !== file);
  return (
    <>
      {others.map(({ severity, message, line, rule }) => (
        <p class={`note ${severity}`}>
          <b>{severity}</b> <span safe>{message}</span>{' '}
          <small class="quiet" safe>{`sequence.yaml, line ${line} · ${rule}`}</small>
        </p>
      ))}
    </>
  ) as string;
}

function Blocked({ why }: { why: string }): string {
  return (
    <div class="notice blocked">
      <p>
        <b>For this lead the mail cannot be made:</b> <span safe>{why}</span>
      </p>
      <p>
        It would wait, and everybody else’s would go on. Give the field a default, such as{' '}
        <code>{'{{ lead.title | default: "" }}'}</code>, or mend what is named.
      </p>
    </div>
  ) as string;
}
