/** One thing that an agreement says differently than another. */
export interface Change {
  /** Where it stands, such as `['fit', 'title', 'weight']`; parts of a list by their names. */
  path: string[];
  /** What it said, as people write it; null when it said nothing. Of a list, only what is gone. */
  before: string | null;
  /** What it says now; null when it says nothing any more. Of a list, only what is new. */
  after: string | null;
}

/** What stands in another order, where order means something. */
const order = 'order';

/**
 * What a document says differently than the one before, in the order in which it says it. Comments and
 * layout are no difference, nor is the order of a list of plain values; the order of named parts of a list, and of
 * the descriptions of events, is, because the first that fits counts.
 * @param before both as they are read from YAML, before any schema
 */
export function changesBetween(before: unknown, after: unknown, path: string[] = []): Change[] {
  if (isGroup(before) && isGroup(after)) return changesOfGroups(before, after, path);
  if (isList(before) && isList(after)) return changesOfLists(before, after, path);
  if (isGroup(before) || isGroup(after)) {
    // What is there on one side only is told part by part, so that each line is about one thing.
    if (before === undefined) return changesOfGroups({}, after as Group, path);
    if (after === undefined) return changesOfGroups(before as Group, {}, path);
  }
  const was = inWords(before);
  const is = inWords(after);
  return was === is ? [] : [{ path, before: was, after: is }];
}

/** `fit › title › weight: 40 instead of 35`. */
export function changeInWords({ path, before, after }: Change): string {
  const where = path.join(' › ');
  if (before === null) return `${where}: now ${after ?? 'nothing'}`;
  if (after === null) return `${where}: no longer ${before}`;
  return `${where}: ${after} instead of ${before}`;
}

type Group = Record<string, unknown>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function changesOfGroups(before: Group, after: Group, path: string[]): Change[] {
  const names = [...Object.keys(after), ...Object.keys(before).filter(name => !Object.hasOwn(after, name))];
  const parts = names.flatMap(name =>
    changesBetween(before[name], after[name], [...path, name]),
  );
  const isOrdered = path.at(-1) === 'events';
  return isOrdered ? [...parts, ...reordered(Object.keys(before), Object.keys(after), path)] : parts;
}

function changesOfLists(before: unknown[], after: unknown[], path: string[]): Change[] {
  const names = (list: unknown[]) => list.map(part => (isGroup(part) ? nameOf(part) : null));
  if (![...names(before), ...names(after)].includes(null)) {
    const named = (list: unknown[]) =>
      Object.fromEntries(list.map(part => [nameOf(part as Group) ?? '', part]));
    return [
      ...changesOfGroups(named(before), named(after), path),
      ...reordered(names(before) as string[], names(after) as string[], path),
    ];
  }
  // The grades of a matrix's row have a place each.
  if (path.includes('matrix')) {
    const [was, is] = [inWords(before), inWords(after)];
    return was === is ? [] : [{ path, before: was, after: is }];
  }
  const [was, is] = [before.map(inWords), after.map(inWords)];
  const gone = was.filter(value => !is.includes(value));
  const come = is.filter(value => !was.includes(value));
  if (gone.length + come.length === 0) return [];
  return [{ path, before: gone.join(', ') || null, after: come.join(', ') || null }];
}

function nameOf({ name, key }: Group): string | null {
  return typeof name === 'string' ? name : typeof key === 'string' ? key : null;
}

function reordered(before: string[], after: string[], path: string[]): Change[] {
  const was = before.filter(name => after.includes(name)).join(', ');
  const is = after.filter(name => before.includes(name)).join(', ');
  return was === is ? [] : [{ path: [...path, order], before: was, after: is }];
}

function inWords(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (isList(value)) return value.map(part => inWords(part) ?? '').join(', ');
  if (isGroup(value))
    return Object.entries(value)
      .map(([name, part]) => `${name} ${inWords(part) ?? ''}`)
      .join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
