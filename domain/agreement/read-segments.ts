import { DocumentError, type Problem } from '../document/problem.ts';
import { readDocument, type ReadDocument } from '../document/read.ts';
import { noSequence } from './agreement.ts';
import { covers } from './segment-cover.ts';
import { neverMet, type Nurtured } from './segment-never.ts';
import { segmentsSchema, type SegmentsDocument } from './segments.ts';

/**
 * Reads `segments.yaml`.
 * @param sequences the names of the sequences there are
 * @param agreement what it names: events, reasons, who is disqualified; null when that cannot be read, and then
 * only what segments say by themselves is looked at
 * @throws DocumentError also when a segment can never have a lead, or no segment takes the leads that no
 * other takes
 */
export function readSegments(
  file: string,
  text: string,
  sequences: readonly string[],
  agreement: Nurtured | null,
): SegmentsDocument {
  const read = readDocument(file, text, segmentsSchema);
  const problems = [
    ...misplaced(read),
    ...(agreement === null ? [] : [...impossible(read, agreement), ...hidden(read, agreement)]),
    ...strangers(read, sequences),
  ];
  if (problems.length > 0) throw new DocumentError(file, problems);
  return read.value;
}

/** Names that are there twice, and everyone anywhere but in the end. */
function misplaced({ value: { segments }, problem }: ReadDocument<SegmentsDocument>): Problem[] {
  const last = segments.length - 1;
  const names = segments.map(({ name }) => name);
  return segments.flatMap(({ name, when }, index) => {
    if (names.indexOf(name) !== index)
      return [problem(['segments', index, 'name'], `The segment "${name}" is listed twice.`)];
    if (index < last && when === undefined)
      return [
        problem(
          ['segments', index],
          `"${name}" has no "when" and takes everyone, so nothing after it is ever reached; put it last.`,
        ),
      ];
    if (index === last && when !== undefined)
      return [
        problem(
          ['segments', index, 'when'],
          'The last segment must take everyone: leave out its "when", or add one such segment after it.',
        ),
      ];
    return [];
  });
}

/** What no lead can be like. */
function impossible(
  { value: { segments }, problem }: ReadDocument<SegmentsDocument>,
  agreement: Nurtured,
): Problem[] {
  return segments.flatMap(({ when = {} }, index) =>
    neverMet(when, agreement).map(({ path, message }) =>
      problem(['segments', index, 'when', ...path], message),
    ),
  );
}

/** Segments whose every lead an earlier one takes. That nothing comes after everyone is told elsewhere. */
function hidden(
  { value: { segments }, problem }: ReadDocument<SegmentsDocument>,
  agreement: Nurtured,
): Problem[] {
  return segments.flatMap(({ name, when }, index) => {
    const before = segments
      .slice(0, when === undefined ? 0 : index)
      .find(earlier => earlier.when !== undefined && covers(earlier.when, when, agreement));
    if (before === undefined) return [];
    return [
      problem(
        ['segments', index, 'when'],
        `"${before.name}" takes every lead that "${name}" would, so "${name}" never has one: put it before "${before.name}", or take it out.`,
      ),
    ];
  });
}

function strangers(
  { value: { segments }, problem }: ReadDocument<SegmentsDocument>,
  sequences: readonly string[],
): Problem[] {
  return segments.flatMap(({ nurture }, index) =>
    Object.entries(nurture)
      .filter(([, sequence]) => !sequences.includes(sequence))
      .map(([grade, sequence]) =>
        problem(['segments', index, 'nurture', grade], noSequence(sequence, sequences)),
      ),
  );
}
