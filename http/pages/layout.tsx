import type { PropsWithChildren } from '@kitajs/html';

export interface PageProps {
  title: string;
  /** Links beside the name, by what they are called. */
  links?: Readonly<Record<string, string>>;
}

/** The frame of every page: works without scripts, on a phone, in light and dark. */
export function Page({ title, links = {}, children }: PropsWithChildren<PageProps>): string {
  const html = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title safe>{`${title} · Lockstep`}</title>
        <link rel="stylesheet" href="/assets/pico.css" />
        <link rel="stylesheet" href="/assets/lockstep.css" />
      </head>
      <body>
        <header>
          <a class="name" href="/">
            Lockstep
          </a>
          {Object.entries(links).map(([name, href]) => (
            <a href={href} safe>
              {name}
            </a>
          ))}
        </header>
        <main>{children}</main>
        <footer>Marketing and sales, by one agreement.</footer>
      </body>
    </html>
  ) as string;
  return `<!doctype html>${html}`;
}

/** A page that says one thing, such as why a link is not honored. */
export function Message({ title, text }: { title: string; text: string }): string {
  return (
    <Page title={title}>
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {text}
      </p>
    </Page>
  ) as string;
}
