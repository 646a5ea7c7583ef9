import { inElements, type LintedMail, type Rule } from './finding.ts';
import { wordsIn, type Element } from './template.ts';

/** A link of a mail. */
export interface Link {
  element: Element;
  target: string;
  /** Where the target stands in its file. */
  at: number;
}

/** The link that an element is: an `a`, a button, an image that leads somewhere. */
function linkOf(element: Element): Link | null {
  const href = element.attributes.get('href');
  if (href === undefined || element.name === 'link' || element.name === 'mj-font') return null;
  return { element, target: href.value.trim(), at: href.start };
}

export function linksOf({ elements }: LintedMail): Link[] {
  return elements.flatMap(element => linkOf(element) ?? []);
}

/** Links that somebody reads; not that which only a scanner follows, nor those by which leads leave. */
export function contentLinksOf(mail: LintedMail): Link[] {
  return linksOf(mail).filter(
    ({ target }) => !/\{\{-?\s*links\.(honeypot|unsubscribe)\b/.test(target),
  );
}

/** What a check finds in each link of each mail. */
export function inLinks(look: (link: Link, mail: LintedMail) => string | null): Rule['check'] {
  return inElements((element, mail) => {
    const link = linkOf(element);
    const message = link === null ? null : look(link, mail);
    return link === null || message === null ? null : { at: link.at, message };
  });
}

/** What is written on a link. */
export function wordsOn({ element }: Link): string {
  return wordsIn(element);
}
