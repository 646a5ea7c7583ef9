/** A place in a text that a person wrote. Lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

export const beginning: Place = { line: 1, column: 1 };

/** The place of an offset in a text; its beginning for an offset that is not in it, such as -1. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
