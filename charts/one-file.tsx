import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * A page in one file that holds all it needs: to be opened, mailed or kept, without a server and without scripts.
 * @param styles what it looks like beside Lockstep's pages and charts
 * @param content markup, in which all that people wrote is escaped
 * @param frames whether it shows files beside it, which it then needs beside it
 */
export function oneFile(
  title: string,
  styles: readonly URL[],
  content: JSX.Element,
  { frames = false }: { frames?: boolean } = {},
): string {
  const safeStyle = looks(styles);
  const safeContent = content as string;
  const html = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content={`default-src 'none'; style-src 'unsafe-inline'; img-src data:${frames ? "; frame-src 'self' file:" : ''}`}
        />
        <title safe>{`${title} · Lockstep`}</title>
        <style>{safeStyle}</style>
      </head>
      <body>
        <header>
          <span class="name">Lockstep</span>
        </header>
        <main>{safeContent}</main>
        <footer>Marketing and sales, by one agreement.</footer>
      </body>
    </html>
  ) as string;
  return `<!doctype html>${html}`;
}

/** Lockstep's own look and that of its charts, and what a page has on top of them. */
function looks(own: readonly URL[]): string {
  const pico = createRequire(import.meta.url).resolve('@picocss/pico/css/pico.min.css');
  return [
    pico,
    new URL('../http/assets/lockstep.css', import.meta.url),
    new URL('charts.css', import.meta.url),
    ...own,
  ]
    .map(file => readFileSync(file, 'utf8'))
    .join('\n');
}
