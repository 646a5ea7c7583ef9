import { suggestion } from './nearest.ts';
import { storable } from './text.ts';

/** What the columns of a kind of file can be, and the headings that they are known by. */
export interface HeadingBook<Kind extends string> {
  /** For each kind its headings, without case, spaces and signs, parted by spaces; of two the former is preferred. */
  headings: Readonly<Record<Kind, string>>;
  /** Kinds without which a file says nothing: one of each list, and what to call them together. */
  needed: readonly { kinds: readonly Kind[]; called: string }[];
}

/** Which column is what; null for columns that nothing is read from. */
export interface Columns<Kind extends string> {
  kinds: (Kind | null)[];
  /** Columns from which something is read; of two of one kind the one that is preferred comes first. */
  order: number[];
  /** Headings that nothing is read from. */
  unused: string[];
}

/** Longer texts are a mistake of the file, such as a quote that was never closed. */
const longestText = 300;

/**
 * Understands a header row.
 * @param map what the user says of headings, each `Heading=field`; it wins over what is known
 * @returns the columns, or what is wrong with the header or the map, in sentences
 */
export function readColumns<Kind extends string>(
  header: readonly string[],
  map: readonly string[],
  { headings, needed }: HeadingBook<Kind>,
): { columns: Columns<Kind> } | { problems: string[] } {
  const all = Object.keys(headings) as Kind[];
  const problems: string[] = [];
  const mapped = new Map<string, Kind>();
  for (const entry of map) {
    const split = entry.lastIndexOf('=');
    const heading = entry.slice(0, split).trim();
    const word = entry.slice(split + 1).trim();
    const kind = all.find(known => known === word);
    const index = header.findIndex(name => squeeze(name) === squeeze(heading));
    if (split < 1) problems.push(`"${entry}" is not of the form "Heading=field".`);
    else if (index < 0)
      problems.push(`The file has no column "${heading}".${suggestion(heading, header)}`);
    else if (kind === undefined)
      problems.push(`"${word}" is no field.${suggestion(word, all)} Fields: ${all.join(', ')}.`);
    else if ([...mapped.values()].includes(kind))
      problems.push(`Two columns cannot both be ${kind}; leave one of them out.`);
    else if (mapped.has(squeeze(heading)))
      problems.push(`The column "${heading}" is given two meanings; leave one of them out.`);
    else mapped.set(squeeze(heading), kind);
  }
  const told = new Set(mapped.values());
  const names = all.flatMap(kind => headings[kind].split(' ').map(name => ({ name, kind })));
  const known = new Map(names.map(({ name, kind }, rank) => [name, { kind, rank }]));
  const kinds = header.map(name => {
    const own = mapped.get(squeeze(name));
    if (own !== undefined) return own;
    const kind = known.get(squeeze(name))?.kind ?? null;
    return kind === null || told.has(kind) ? null : kind;
  });
  const missing = needed.find(need => !need.kinds.some(kind => kinds.includes(kind)));
  if (missing !== undefined && problems.length === 0)
    problems.push(
      `No column holds ${missing.called}. The headings are: ${header.join(', ')}. Say which one, such as --map "${header[0] ?? 'Heading'}=${missing.kinds[0] ?? ''}".`,
    );
  if (problems.length > 0) return { problems };
  const rankOf = (index: number) => known.get(squeeze(header[index] ?? ''))?.rank ?? 0;
  const order = [...header.keys()]
    .filter(index => kinds[index] !== null)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  const unused = header.filter((_, index) => kinds[index] === null);
  return { columns: { kinds, order, unused } };
}

/**
 * The cells of a row by what they are, each in one line and storable. A blank cell says nothing; of several
 * columns of one kind, as an export has for addresses at work and at home, the preferred that is not blank counts.
 */
export function readCells<Kind extends string>(
  cells: readonly string[],
  { kinds, order }: Columns<Kind>,
): Map<Kind, string> | { reason: string } {
  if (cells.length > kinds.length && cells.slice(kinds.length).some(cell => cell.trim() !== ''))
    return { reason: `has ${cells.length} cells, but the header has ${kinds.length}` };
  return readValues(
    order.flatMap(index => {
      const kind = kinds[index] ?? null;
      return kind === null ? [] : [[kind, cells[index] ?? ''] as const];
    }),
  );
}

/** The same for values that are named already. */
export function readValues<Kind extends string>(
  given: Iterable<readonly [Kind, string]>,
): Map<Kind, string> | { reason: string } {
  const values = new Map<Kind, string>();
  for (const [kind, cell] of given) {
    const text = storable(cell).replace(/\s+/g, ' ').trim();
    if (text === '' || values.has(kind)) continue;
    if (text.length > longestText)
      return {
        reason: `${kind} has ${text.length} characters, more than ${longestText}; a quote may be open before it`,
      };
    values.set(kind, text);
  }
  return values;
}

function squeeze(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
