import type { PropsWithChildren } from '@kitajs/html';

export interface PageProps {
  title: string;
  /** The company, on pages for those who know only it; Lockstep's own pages have none. */
  company?: string;
  /** Links beside the name, by what they are called. */
  links?: Readonly<Record<string, string>>;
  /** Whether it has charts, which have styles of their own. */
  charts?: boolean;
  /** Of the studio: it has more room, styles of its own, and a script that shows it again when files are saved. */
  studio?: boolean;
}

/** Between the pages of whoever is logged in. */
export const deskLinks = { 'My leads': '/my', 'Both sides': '/loop' };

/** The frame of every page: works without scripts, on a phone, in light and dark. */
export function Page({
  title,
  company,
  links = {},
  charts = false,
  studio = false,
  children,
}: PropsWithChildren<PageProps>): string {
  const html = (
    <html lang="en" class={studio ? 'studio' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title safe>{`${title} · ${company ?? 'Lockstep'}`}</title>
        <link rel="stylesheet" href="/assets/pico.css" />
        <link rel="stylesheet" href="/assets/lockstep.css" />
        {charts ? <link rel="stylesheet" href="/assets/charts.css" /> : ''}
        {studio ? <link rel="stylesheet" href="/assets/studio.css" /> : ''}
        {studio ? <script type="module" src="/assets/studio.mjs"></script> : ''}
      </head>
      <body>
        <header>
          {company === undefined ? (
            <a class="name" href="/">
              Lockstep
            </a>
          ) : (
            <span class="name" safe>
              {company}
            </span>
          )}
          {Object.entries(links).map(([name, href]) => (
            <a href={href} safe>
              {name}
            </a>
          ))}
        </header>
        <main>{children}</main>
        {company === undefined ? <footer>Marketing and sales, by one agreement.</footer> : ''}
      </body>
    </html>
  ) as string;
  return `<!doctype html>${html}`;
}

/** A page that says one thing, such as why a link is not honored. */
export function Message({
  title,
  text,
  company,
}: {
  title: string;
  text: string;
  company?: string;
}): string {
  return (
    <Page title={title} {...(company === undefined ? {} : { company })}>
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {text}
      </p>
    </Page>
  ) as string;
}

/** Where the links of a test mail lead that would let a lead say something. */
export function OnlyATest({ company }: { company: string }): string {
  return Message({
    company,
    title: 'This mail was a test',
    text: 'Its links change nothing. In a mail to a lead, this one works for that lead.',
  });
}
