import { DateTime } from 'luxon';
import { longestComment, type MailComment, type SentMail } from '../../store/comment.ts';
import { Page } from './layout.tsx';

export interface CommentProps {
  mail: SentMail;
  /** Who comments; null while nobody is known, who is asked to log in. */
  as: string | null;
  /** What was said of it so far, the newest first. */
  comments: readonly MailComment[];
  action: string;
  /** What came of the form that was sent, in a sentence. */
  notice: string | null;
}

/** Where somebody of either team says what they think of a mail that a lead was sent. */
export function CommentPage({ mail, as, comments, action, notice }: CommentProps): string {
  const { sequence, version, mail: name } = mail;
  return (
    <Page title={`Comment on ${name}`} links={{ 'My leads': '/my' }}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <h1 safe>{name}</h1>
      <p class="lede" safe>{`A mail of ${sequence}, version ${version}.`}</p>
      {as === null ? (
        <p>
          Whoever comments is named. <a href="/login">Log in</a>, and open this page again.
        </p>
      ) : (
        <form method="post" action={action}>
          <label>
            What do you think of it, and what do leads say?
            <textarea name="text" rows="5" maxlength={longestComment} required></textarea>
          </label>
          <button type="submit" safe>{`Comment as ${as}`}</button>
        </form>
      )}
      {as === null ? '' : <Comments comments={comments} />}
      <p class="quiet">Marketing reads it beside the mail. The lead never does.</p>
    </Page>
  ) as string;
}

function Comments({ comments }: { comments: readonly MailComment[] }): string {
  if (comments.length === 0) return '';
  return (
    <>
      <h2>So far</h2>
      {comments.map(({ by, version, text, at }) => (
        <article>
          <p class="quiet" safe>{`${by.name}, ${by.team}, on version ${version}, ${day(at)}`}</p>
          <p class="as-written" safe>
            {text}
          </p>
        </article>
      ))}
    </>
  ) as string;
}

function day(at: MailComment['at']): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat('d LLL yyyy');
}
