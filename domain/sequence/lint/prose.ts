import type { LintedMail } from './finding.ts';
import { withoutLiquid } from './template.ts';

/** A text as a lead may get it: defaults in the place of fields, and a short word where there is none. */
export function roughly(text: string): string {
  return withoutLiquid(text, token => {
    if (token.startsWith('{%')) return '';
    const [, single, double] = /\|\s*default:\s*(?:'([^']*)'|"([^"]*)")/.exec(token) ?? [];
    return single ?? double ?? 'Name';
  })
    .replace(/\s+/g, ' ')
    .trim();
}

/** What is written in the text part up to the line in which leads can leave: no addresses of links, no Liquid. */
export function bodyOf({ text }: LintedMail): string {
  const whole = text ?? '';
  const leaving = whole.search(/\{\{-?\s*links\.unsubscribe\b/);
  const line = leaving < 0 ? -1 : whole.lastIndexOf('\n', leaving);
  return roughly((line < 0 ? whole : whole.slice(0, line)).replace(/<[^<>]*>/g, ''));
}

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
}

/** Letters of scripts, digits; not signs and pictures. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
