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
          line: lineOf(source, text),
          message: `${text} is lost when the mail is compiled; inside mj-text it stays, between components it must stand in mj-raw.`,
        });
      }
      if (html.includes('<mj-'))
        findings.push({
          file,
          line: 1,
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

function lineOf(source: string, text: string): number {
  const word = text.replace(/^\{[{%]-?\s*/, '').split(/\s/)[0] ?? text;
  const index = source.indexOf(word);
  return index < 0 ? 1 : source.slice(0, index).split('\n').length;
}
