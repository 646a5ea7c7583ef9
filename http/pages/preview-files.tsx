import { oneFile } from '../../charts/one-file.tsx';
import type { EdgeCase } from '../../mail/edge-cases.ts';
import type { Preview } from '../../mail/preview.ts';

/** A mail as one lead would get it, and where its files are. */
export interface PreviewedMail {
  mail: string;
  lead: EdgeCase;
  made: Preview | { blocked: string };
  /** Where they are below the page's own folder, but for the ends of their names. */
  path: string;
}

/** The widths that mails are looked at, in pixels: a mail program on a desk, and a phone held upright. */
const looks = [
  { scheme: 'light', width: 640, on: 'on a desk' },
  { scheme: 'light', width: 360, on: 'on a phone' },
  { scheme: 'dark', width: 640, on: 'on a desk' },
  { scheme: 'dark', width: 360, on: 'on a phone' },
] as const;

/** All mails of a sequence beside each other, as one file that shows the files beside it. */
export function previewFilesHtml(name: string, mails: readonly PreviewedMail[]): string {
  const names = [...new Set(mails.map(({ mail }) => mail))];
  return oneFile(
    `Preview of ${name}`,
    [new URL('preview-files.css', import.meta.url)],
    <>
      <h1 safe>{`Preview of ${name}`}</h1>
      <p class="lede">
        Every mail as different leads would get it. Nothing was sent, and nobody leaves by the links
        in them.
      </p>
      <ul class="mails">
        {names.map((mail, index) => (
          <li>
            <a href={`#mail-${index}`} safe>
              {mail}
            </a>
          </li>
        ))}
      </ul>
      {names.map((mail, index) => (
        <section id={`mail-${index}`}>
          <h2 safe>{mail}</h2>
          {mails
            .filter(one => one.mail === mail)
            .map((one, place) => (
              <OneMail one={one} open={place === 0} />
            ))}
        </section>
      ))}
    </>,
    { frames: true },
  );
}

function OneMail({ one, open }: { one: PreviewedMail; open: boolean }): string {
  const { lead, made } = one;
  return (
    <details open={open}>
      <summary>
        <b safe>{lead.title}</b> <span safe>{'blocked' in made ? 'blocked' : made.subject}</span>
      </summary>
      {'blocked' in made ? (
        <p class="notice" safe>{`This lead would not get it: ${made.blocked}.`}</p>
      ) : (
        <Shown one={one} made={made} />
      )}
    </details>
  ) as string;
}

function Shown({ one: { mail, lead, path }, made }: { one: PreviewedMail; made: Preview }): string {
  const { inbox, headers, categories, customArgs, bytes, text } = made;
  return (
    <>
      <div class="inbox-line">
        <b safe>{inbox.sender}</b>
        <span safe>{inbox.subject}</span>
        <span class="quiet" safe>
          {inbox.preheader}
        </span>
      </div>
      <div class="scroll looks" role="region" aria-label={`${mail}, ${lead.title}`} tabindex="0">
        {looks.map(({ scheme, width, on }) => (
          <figure>
            <iframe
              src={`${path}.${scheme}.html`}
              title={`${mail} for ${lead.title}, ${scheme}, ${on}`}
              width={String(width)}
              height="640"
              sandbox=""
              loading="lazy"
            ></iframe>
            <figcaption class="quiet" safe>{`${scheme}, ${on}`}</figcaption>
          </figure>
        ))}
      </div>
      <details>
        <summary>Text part</summary>
        <pre class="part" safe>
          {text}
        </pre>
      </details>
      <details>
        <summary safe>{`Headers; ${(bytes / 1_024).toFixed(1)} KB of HTML`}</summary>
        <dl class="facts">
          {Object.entries({
            ...headers,
            Categories: categories.join(', '),
            'Custom arguments': customArgs.join(', '),
          }).map(([name, value]) => (
            <div>
              <dt safe>{name}</dt>
              <dd safe>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p class="quiet">
        Its files: <a href={`${path}.html`}>HTML</a>, <a href={`${path}.txt`}>text</a>,{' '}
        <a href={`${path}.headers.json`}>headers</a>.
      </p>
    </>
  ) as string;
}
