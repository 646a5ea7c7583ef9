import { DateTime } from 'luxon';
import { Page } from '../../../http/pages/layout.tsx';
import type { MailLink } from '../links.ts';
import type { StoredMail } from '../outbox.ts';

export type View = 'html' | 'text' | 'headers';

export interface MailProps {
  mail: StoredMail;
  view: View;
  links: MailLink[];
  /** What was played just now. */
  played: string | null;
  /** Whether somebody takes what the reader answers. */
  canAnswer: boolean;
  pagesUrl: string;
}

const views: Record<View, string> = { html: 'As it looks', text: 'Text part', headers: 'Headers' };

/** One mail as its reader gets it, and what the reader may do. */
export function MailPage({ mail, view, links, played, canAnswer, pagesUrl }: MailProps): string {
  const counted = links.filter(({ isCounted, isHidden }) => isCounted && !isHidden);
  return (
    <Page title={mail.subject} links={{ Inbox: '/', Pages: pagesUrl }}>
      {played === null ? (
        ''
      ) : (
        <p
          class="notice"
          role="status"
          safe
        >{`Played: ${played}. What comes of it is on its way.`}</p>
      )}
      <h1 safe>{mail.subject}</h1>
      <p class="quiet" safe>
        {`From ${mail.from} to ${mail.to}, ${DateTime.fromMillis(mail.at).toFormat('d LLL yyyy, HH:mm:ss ZZZZ')}`}
      </p>
      <h2>Play the reader</h2>
      <div class="plays">
        <Play mail={mail} what="open" text="Open it" />
        {counted.map(link => (
          <Play mail={mail} what={`click ${link.index}`} text={`Click ${shorten(link.url)}`} />
        ))}
        {canAnswer ? <Play mail={mail} what="reply" text="Reply" /> : ''}
        {canAnswer ? <Play mail={mail} what="outOfOffice" text="Out of office" /> : ''}
        <Play mail={mail} what="scan" text="Follow every link, as a mail gateway does" />
        {'List-Unsubscribe' in mail.headers ? (
          <Play mail={mail} what="leave" text="Unsubscribe with one click" />
        ) : (
          ''
        )}
        <Play mail={mail} what="bounce" text="Bounce" />
        <Play mail={mail} what="block" text="Block" />
        <Play mail={mail} what="complain" text="Report as spam" />
      </div>
      <nav aria-label="Views" class="views">
        {(Object.keys(views) as View[]).map(name =>
          name === view ? (
            <b aria-current="page" safe>
              {views[name]}
            </b>
          ) : (
            <a href={`/mail/${mail.id}?view=${name}`} safe>
              {views[name]}
            </a>
          ),
        )}
      </nav>
      <Body mail={mail} view={view} />
    </Page>
  ) as string;
}

function Play({ mail, what, text }: { mail: StoredMail; what: string; text: string }): string {
  return (
    <form method="post" action={`/mail/${mail.id}/play`}>
      <button name="play" value={what} class="secondary outline" safe>
        {text}
      </button>
    </form>
  ) as string;
}

function Body({ mail, view }: { mail: StoredMail; view: View }): string {
  switch (view) {
    case 'html':
      return (
        <iframe
          class="frame"
          title="The mail as it looks"
          src={`/mail/${mail.id}/body`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        ></iframe>
      ) as string;
    case 'text':
      return (<pre safe>{mail.text ?? '(no text part)'}</pre>) as string;
    case 'headers':
      return (
        <>
          <pre safe>
            {listed({
              From: mail.from,
              To: mail.to,
              Subject: mail.subject,
              Date: new Date(mail.at).toUTCString(),
              ...mail.headers,
            })}
          </pre>
          <p>Not in the mail, and told with each of its events:</p>
          <pre safe>
            {listed({
              'x-message-id': mail.id,
              category: mail.categories.join(', '),
              ...mail.customArgs,
            })}
          </pre>
        </>
      ) as string;
    default:
      return view satisfies never;
  }
}

function listed(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function shorten(url: string): string {
  const text = url.replace(/^https?:\/\//, '');
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}
