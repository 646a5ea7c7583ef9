/** A link of a mail. */
export interface MailLink {
  url: string;
  /** The how-manieth link it is, as `url_offset` counts. */
  index: number;
  /** Whether it may be rewritten to be counted. */
  isCounted: boolean;
  /** Whether a person never sees it. */
  isHidden: boolean;
}

const anchor = /<a\b([^>]*?)\bhref="([^"]*)"([^>]*)>/gi;

/** The links of a mail's HTML, in order. */
export function linksOf(html: string): MailLink[] {
  return [...html.matchAll(anchor)]
    .map(([, before = '', href = '', after = ''], index) => ({
      url: href.replaceAll('&amp;', '&'),
      index,
      isCounted: !/clicktracking="?off/i.test(before + after),
      isHidden: /display:\s*none/i.test(before + after),
    }))
    .filter(({ url }) => /^https?:/.test(url));
}

/** The HTML as a mail program shows it after click tracking: counted links lead over the sandbox. */
export function withCountedLinks(html: string, countedUrl: (link: MailLink) => string): string {
  const links = new Map(linksOf(html).map(link => [link.index, link]));
  let index = -1;
  return html.replace(anchor, (whole, before: string, _href: string, after: string) => {
    index += 1;
    const link = links.get(index);
    if (link?.isCounted !== true) return whole;
    return `<a${before}href="${countedUrl(link).replaceAll('&', '&amp;')}"${after}>`;
  });
}
