import { Page } from './layout.tsx';

/** GET: one button, and nothing has happened yet, because mail gateways follow every link. */
export function Unsubscribe({ action, company }: { action: string; company: string }): string {
  return (
    <Page title="Unsubscribe" company={company}>
      <h1>No more mails?</h1>
      <p class="lede">You will not get mails like the last one again.</p>
      <form method="post" action={action}>
        <button type="submit">Unsubscribe me</button>
      </form>
    </Page>
  ) as string;
}

export function Unsubscribed({ company }: { company: string }): string {
  return (
    <Page title="Unsubscribed" company={company}>
      <h1>Done</h1>
      <p class="lede">
        You will not get mails like the last one again. There is nothing else to do.
      </p>
    </Page>
  ) as string;
}
