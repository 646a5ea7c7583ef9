import type { RuledFinding } from '../../../domain/sequence/lint/rules.ts';
import type { EdgeCase } from '../../../mail/edge-cases.ts';
import type { Preview } from '../../../mail/preview.ts';
import { findingsInShort, StudioPage, type Watched } from './parts.tsx';
import { Source } from './source.tsx';

export const looks = ['light', 'dark', 'both'] as const;
export type Look = (typeof looks)[number];

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
    </StudioPage>
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

const lookNames: Record<Look, string> = {
  light: 'in the light',
  dark: 'in the dark',
  both: 'in both',
};

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
      {'blocked' in made ? <Blocked why={made.blocked} /> : <Made {...props} made={made} />}
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

function Made({ made, ...props }: OneProps & { made: Preview }): string {
  const { look, isNarrow } = props;
  const schemes = look === 'both' ? (['light', 'dark'] as const) : [look];
  return (
    <>
      <Inbox made={made} isNarrow={isNarrow} />
      <div class="frames">
        {schemes.map(scheme => (
          <>
            {isNarrow ? '' : <Frame {...props} scheme={scheme} width="desktop" />}
            <Frame {...props} scheme={scheme} width="phone" />
          </>
        ))}
      </div>
      <details>
        <summary>Text part</summary>
        <pre class="text-part" safe>
          {made.text}
        </pre>
      </details>
      <details>
        <summary safe>{`Headers, and ${kilobytes(made.bytes)} KB of HTML`}</summary>
        <dl class="headers">
          {Object.entries({
            ...made.headers,
            Subject: made.subject,
            'Size of the HTML': `${kilobytes(made.bytes)} KB; Gmail cuts a mail off at 102 KB`,
            'Told apart by': [...made.categories, ...made.customArgs].join(', '),
          }).map(([name, value]) => (
            <div>
              <dt safe>{name}</dt>
              <dd safe>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  ) as string;
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

/** Subject and preheader as the lists of mail programs show them. */
function Inbox({ made, isNarrow }: { made: Preview; isNarrow: boolean }): string {
  const { inbox, subject, preheader } = made;
  return (
    <div class="inboxes">
      {isNarrow ? (
        ''
      ) : (
        <figure>
          <div class="line">
            <b safe>{inbox.sender}</b>
            <span class="rest">
              <b safe>{subject}</b> <span class="quiet" safe>{`– ${preheader}`}</span>
            </span>
          </div>
          <figcaption class="quiet">In an inbox on a desk</figcaption>
        </figure>
      )}
      <figure>
        <div class="line small">
          <b safe>{inbox.sender}</b>
          <b class="subject-line" safe>
            {inbox.subject}
          </b>
          <span class="quiet" safe>
            {inbox.preheader}
          </span>
        </div>
        <figcaption class="quiet">On a phone</figcaption>
      </figure>
    </div>
  ) as string;
}

type FrameProps = OneProps & { scheme: 'light' | 'dark'; width: 'desktop' | 'phone' };

function Frame({ sequence, mail, lead, one, scheme, width }: FrameProps): string {
  const asked = new URLSearchParams({ lead: lead.key, look: scheme });
  if (one.variant !== null) asked.set('variant', one.variant);
  const where = width === 'desktop' ? 'on a desk' : 'on a phone';
  const title = `${one.variant ?? 'The mail'} ${where}, ${lookNames[scheme]}`;
  return (
    <figure class={`frame ${width} ${scheme}`}>
      <iframe
        loading="lazy"
        title={title}
        src={`/studio/${sequence}/${mail}/mail.html?${asked.toString()}`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      ></iframe>
      <figcaption class="quiet" safe>
        {`${where}, ${lookNames[scheme]}`}
      </figcaption>
    </figure>
  ) as string;
}
