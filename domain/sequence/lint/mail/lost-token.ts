import { findingAt, findingOf, type Rule } from '../finding.ts';
import { liquidIn, liquidOf } from '../template.ts';

export const lostToken: Rule = {
  id: 'lost-token',
  severity: 'error',
  why: 'MJML deletes Liquid that stands between components, and what was conditional is then sent to everyone.',
  mend: 'Put it inside mj-text, or wrap it in mj-raw between components.',
  example: {
    wrong: '{% if lead.company %}<mj-text>…</mj-text>{% endif %}',
    right: '<mj-text>{% if lead.company %}…{% endif %}</mj-text>',
  },
  check: ({ mails }) =>
    mails.flatMap(mail => {
      const { html, sources } = mail;
      if (html === null) return [];
      const kept = counts(liquidOf(asWritten(html)).map(({ token }) => token));
      const written = sources.flatMap(source =>
        liquidIn(source).map(token => ({ ...token, key: keyOf(token.token), source })),
      );
      const times = counts(written.map(({ token }) => token));
      const lost = [...times].filter(([key, count]) => (kept.get(key) ?? 0) < count);
      const findings = lost.flatMap(([key]) => {
        const first = written.find(token => token.key === key);
        const message = `${key} is lost when the mail is compiled; inside mj-text it stays, between components it must stand in mj-raw.`;
        return first === undefined ? [] : [findingAt(first.source, first.index, message)];
      });
      return html.includes('<mj-')
        ? [
            ...findings,
            findingOf(
              mail,
              'an mj- tag is left in the compiled mail; a tag before it is probably not closed.',
            ),
          ]
        : findings;
    }),
};

/** How often each token stands there; spaces aside, which compiling may change. */
function counts(tokens: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const token of tokens) found.set(keyOf(token), (found.get(keyOf(token)) ?? 0) + 1);
  return found;
}

function keyOf(token: string): string {
  return asWritten(token).replace(/\s+/g, ' ');
}

/** Without the escapes that compiling may put in the place of quotes. */
function asWritten(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
