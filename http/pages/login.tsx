import { Page } from './layout.tsx';

/** Asks for the address that a link is mailed to. */
export function LoginPage({ notice }: { notice: string | null }): string {
  return (
    <Page title="Log in">
      <h1>Log in</h1>
      <p class="lede">You get a mail with a link that opens your page. There is no password.</p>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <form method="post" action="/login" class="narrow">
        <label>
          Your address at work
          <input
            type="email"
            name="address"
            required
            maxlength="320"
            autocomplete="email"
            spellcheck="false"
          />
        </label>
        <button type="submit">Mail me a link</button>
      </form>
    </Page>
  ) as string;
}

/**
 * The same for everybody, whether the address is known or not.
 * @param inbox where mails of a local workspace arrive; null in production
 */
export function LinkMailed({ minutes, inbox }: { minutes: number; inbox: string | null }): string {
  return (
    <Page title="Look at your mail">
      <h1>Look at your mail</h1>
      <p class="lede" safe>
        {`If the address is that of a member of either team, a link is on its way to it. It works once, for ${minutes} minutes.`}
      </p>
      {inbox === null ? (
        ''
      ) : (
        <p>
          On this machine it arrives in <a href={inbox}>the inbox</a>.
        </p>
      )}
      <p class="quiet">
        Nothing came? <a href="/login">Ask again</a>, or ask whoever keeps the list of people
        whether yours is the address that they have.
      </p>
    </Page>
  ) as string;
}

/** GET of a mailed link: one button, and nothing has happened yet, because mail gateways follow every link. */
export function LoginButton({ action }: { action: string }): string {
  return (
    <Page title="Log in">
      <h1>Log in</h1>
      <p class="lede">You stay logged in on this device for 30 days.</p>
      <form method="post" action={action}>
        <button type="submit">Open my leads</button>
      </form>
    </Page>
  ) as string;
}

/** Why a mailed link does not log anybody in, and the way to another. */
export function NoLogin({ title, text }: { title: string; text: string }): string {
  return (
    <Page title={title}>
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {text}
      </p>
      <p>
        <a href="/login">Have another link mailed</a>
      </p>
    </Page>
  ) as string;
}
