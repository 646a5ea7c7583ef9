import { beginning, placeAt } from '../../document/place.ts';
import type { Rule } from './finding.ts';

/** Liquid outputs and tags, as they are written. */
const token = /\{\{[^}]*\}\}|\{%[^%]*%\}/g;

export const lostToken: Rule = {
  id: 'lost-token',
  severity: 'error',
  why: 'MJML deletes Liquid that stands between components, and what was conditional is then sent to everyone.',
  check: ({ mails }) =>
    mails.flatMap(({ file, source, html }) => {
      if (html === null) return [];
      const kept = count(html);
      const findings = [];
      for (const [text, times] of count(withoutComments(source))) {
        if ((kept.get(text) ?? 0) >= times) continue;
        findings.push({
          file,
          ...placeAt(source, offsetOf(source, text)),
          message: `${text} is lost when the mail is compiled; inside mj-text it stays, between components it must stand in mj-raw.`,
        });
      }
      if (html.includes('<mj-'))
        findings.push({
          file,
          ...beginning,
          message:
            'an mj- tag is left in the compiled mail; a tag before it is probably not closed.',
        });
      return findings;
    }),
};

/** Occurrences of each token; spaces and escaped quotes aside, which compiling may change. */
function count(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [found] of text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").matchAll(token)) {
    const key = found.replace(/\s+/g, ' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function withoutComments(source: string): string {
  return source.replace(/<!--[\s\S]*?-->/g, '');
}

/** Where a token stands, whose spaces may have been changed. */
function offsetOf(source: string, text: string): number {
  const whole = source.indexOf(text);
  return whole >= 0
    ? whole
    : source.indexOf(text.replace(/^\{[{%]-?\s*/, '').split(/\s/)[0] ?? text);
}
