import { DateTime } from 'luxon';
import { Page } from '../../../http/pages/layout.tsx';
import type { OutboxEntry } from '../outbox.ts';

export interface InboxProps {
  mails: OutboxEntry[];
  page: number;
  pages: number;
  count: number;
  /** Mails that were sent and did not leave. */
  dropped: number;
  /** What addresses and subjects were searched for. */
  query: string;
  pagesUrl: string;
}

/** Everything that was sent, newest first. */
export function InboxPage({
  mails,
  page,
  pages,
  count,
  dropped,
  query,
  pagesUrl,
}: InboxProps): string {
  const search = query === '' ? '' : `&q=${encodeURIComponent(query)}`;
  return (
    <Page title="Inbox" links={{ Pages: pagesUrl }}>
      <h1>Inbox</h1>
      <p class="lede">
        Every mail that left, to leads and to reps. Nothing leaves this machine: this is a SendGrid
        of its own.
      </p>
      <form method="get" action="/" role="search" class="search">
        <input
          type="search"
          name="q"
          value={query}
          aria-label="Address or subject"
          placeholder="Address or subject"
        />
        <button type="submit">Find</button>
      </form>
      {count === 0 ? (
        <p>
          {query === ''
            ? 'No mails yet. The first ones come as soon as leads are in nurture; reload this page.'
            : 'No mail has that in its address or subject.'}
        </p>
      ) : (
        <>
          <p
            class="quiet"
            safe
          >{`${count} ${count === 1 ? 'mail' : 'mails'}${query === '' ? '' : ` with "${query}"`}, page ${page} of ${pages}. Times are ${DateTime.local().zoneName}.`}</p>
          <div class="scroll">
            <table class="mails">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">To</th>
                  <th scope="col">Subject</th>
                  <th scope="col">From</th>
                </tr>
              </thead>
              <tbody>
                {mails.map(mail => (
                  <tr>
                    <td class="when quiet" safe>
                      {DateTime.fromMillis(mail.at).toFormat('d LLL HH:mm:ss')}
                    </td>
                    <td safe>{mail.to}</td>
                    <td>
                      <a href={`/mail/${mail.id}`} safe>
                        {mail.subject}
                      </a>
                    </td>
                    <td class="quiet" safe>
                      {mail.categories.join(', ')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <nav aria-label="Pages" class="views">
            {page > 1 ? <a href={`/?page=${page - 1}${search}`}>Newer</a> : ''}
            {page < pages ? <a href={`/?page=${page + 1}${search}`}>Older</a> : ''}
          </nav>
        </>
      )}
      {dropped === 0 ? (
        ''
      ) : (
        <p class="quiet" safe>
          {`${dropped} ${dropped === 1 ? 'mail is' : 'mails are'} not here: this SendGrid dropped what went to addresses that bounced, left or complained.`}
        </p>
      )}
    </Page>
  ) as string;
}
