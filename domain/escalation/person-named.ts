import { nearest, suggestion } from '../document/nearest.ts';

/** What a person is told by. */
export interface Named {
  key: string;
  name: string;
  address: string;
}

/**
 * Finds who is meant by a key, an address, or a part of a name that only one of them has.
 * @returns what is wrong with the word when it is nobody's or several people's, with the nearest right one
 */
export function personNamed<Person extends Named>(
  word: string,
  people: readonly Person[],
): { person: Person } | { problem: string } {
  const text = plain(word);
  const exact = people.find(({ key, address }) => key === text || address === text);
  if (exact !== undefined) return { person: exact };
  const called = text === '' ? [] : people.filter(({ name }) => plain(name).includes(text));
  const [person] = called;
  if (person !== undefined && called.length === 1) return { person };
  if (called.length > 1)
    return {
      problem: `"${word}" is a part of ${called.length} names: say which by its key, ${called.map(({ key, name }) => `${key} (${name})`).join(', ')}.`,
    };
  const words = people.flatMap(({ key, name, address }) => [
    key,
    name,
    ...name.split(/\s+/),
    address,
  ]);
  const keys = people.map(({ key }) => key);
  const hint =
    nearest(word, words) === null ? ` Known: ${keys.join(', ')}.` : suggestion(word, words);
  return { problem: `There is nobody called "${word}".${hint}` };
}

/** As it is compared: letter case, accents and blanks at its ends aside. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
