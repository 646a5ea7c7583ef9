import { Page } from '../../../http/pages/layout.tsx';

export interface ClickedProps {
  url: string;
  mailId: string;
  pagesUrl: string;
}

/** Stands in for a site that does not exist: the sample's links lead to addresses that are made up. */
export function ClickedPage({ url, mailId, pagesUrl }: ClickedProps): string {
  return (
    <Page title="Clicked" links={{ Inbox: '/', Pages: pagesUrl }}>
      <h1>That was a click</h1>
      <p class="lede">
        It is on its way to the webhook, and counts as soon as it is sure that no scanner made it.
      </p>
      <p>
        <span safe>{url}</span> is a made-up address. With one of yours, the reader would be there
        now.
      </p>
      <p>
        <a href={`/mail/${mailId}`}>Back to the mail</a>
      </p>
    </Page>
  ) as string;
}

/** Whether no such site can exist (RFC 2606 keeps these names for examples and tests). */
export function isMadeUp(url: string): boolean {
  return /(^|\.)(example|test|invalid)$/.test(new URL(url).hostname);
}
