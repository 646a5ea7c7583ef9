import type { LintedMail } from './finding.ts';
import { liquidToken } from './template.ts';

/** A text as a lead may get it: defaults in the place of fields, and a short word where there is none. */
export function roughly(text: string): string {
  return text
    .replace(liquidToken, token => {
      if (token.startsWith('{%')) return '';
      const [, single, double] = /\|\s*default:\s*(?:'([^']*)'|"([^"]*)")/.exec(token) ?? [];
      return single ?? double ?? 'Name';
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** What is written in the text part between the company's name and the footer: no links, no Liquid. */
export function bodyOf({ text }: LintedMail): string {
  const whole = text ?? '';
  const footer = whole.search(/\n[^\n]*\n?[^\n]*\{\{-?\s*links\.unsubscribe\b/);
  return roughly((footer < 0 ? whole : whole.slice(0, footer)).replace(/<[^<>]*>/g, ''));
}

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
}

/** Letters of scripts, digits; not signs and pictures. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
