import { placeAt, type Place } from '../domain/document/place.ts';

/** Space, then a sign, a text, or another value. */
const token =
  // eslint-disable-next-line no-control-regex -- JSON allows none of them in a text
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
const space = /[ \t\n\r]*/y;

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'more' | 'nothing';

/**
 * Where a text stops being JSON, since the parser does not say it of every mistake.
 * @returns null when it is JSON
 */
export function jsonMistake(text: string): Place | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    const begin = at + (space.exec(text)?.[0].length ?? 0);
    if (begin === text.length) return expected === 'nothing' ? null : placeAt(text, begin);
    token.lastIndex = begin;
    const [, sign, string, other] = token.exec(text) ?? [];
    at = token.lastIndex;
    const isText = string !== undefined;
    const next: string | null | undefined =
      isText || other !== undefined ? afterValue(expected, isText) : sign;
    switch (next) {
      case 'over':
        expected = open.length === 0 ? 'nothing' : 'more';
        break;
      case 'colon':
        expected = next;
        break;
      case '{':
      case '[':
        if (!expected.startsWith('value')) return placeAt(text, begin);
        open.push(next);
        expected = next === '{' ? 'key or }' : 'value or ]';
        break;
      case '}':
      case ']': {
        const mayEnd = expected === 'more' || expected.endsWith(` ${next}`);
        if (!mayEnd || open.pop() !== (next === '}' ? '{' : '[')) return placeAt(text, begin);
        expected = open.length === 0 ? 'nothing' : 'more';
        break;
      }
      case ':':
        if (expected !== 'colon') return placeAt(text, begin);
        expected = 'value';
        break;
      case ',':
        if (expected !== 'more') return placeAt(text, begin);
        expected = open.at(-1) === '{' ? 'key' : 'value';
        break;
      default:
        return placeAt(text, begin);
    }
  }
}

/** What a text, or another value, is where something is expected; null where it may not be. */
function afterValue(expected: Expected, isText: boolean): 'over' | 'colon' | null {
  if (expected.startsWith('value')) return 'over';
  return isText && expected.startsWith('key') ? 'colon' : null;
}
