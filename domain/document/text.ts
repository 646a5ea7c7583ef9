/**
 * A text without what the database cannot hold: NUL, and halves of characters, such as an emoji that
 * somebody cut in two.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

/** Whether JSON may hold such texts; they can only be written as escapes, so this is quick to know. */
const suspicious = /\\u(0000|d[89a-f])/i;

/** Parses JSON whose texts are all storable. @throws SyntaxError */
export function parseJson(json: string): unknown {
  return suspicious.test(json)
    ? JSON.parse(json, (_key, value: unknown) =>
        typeof value === 'string' ? storable(value) : value,
      )
    : JSON.parse(json);
}

/** A text without line breaks and other signs that are not seen: whatever it holds, it cannot begin another header. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** A text that is cut between two characters, with a sign that it was, if it has more than so many UTF-16 units. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length >= most) break;
    kept += character;
  }
  return `${kept}…`;
}
