import { eventKinds, scoringKinds } from '../event/event.ts';
import { suggestion } from '../document/nearest.ts';
import { DocumentError } from '../document/problem.ts';
import { readDocument } from '../document/read.ts';
import { contradictions } from './lint.ts';
import { agreementSchema, type AgreementDocument } from './schema.ts';
import type { SegmentsDocument } from './segments.ts';

/** What both teams agreed on, as one versioned whole. */
export interface Agreement extends AgreementDocument {
  segments: SegmentsDocument['segments'];
}

/**
 * Reads `agreement.yaml`: its form first, then what its parts say about each other.
 * @param sequences the names of the sequences there are, which tracks must be among
 * @throws DocumentError
 */
export function readAgreement(
  file: string,
  text: string,
  sequences: readonly string[],
): AgreementDocument {
  const { value, problem } = readDocument(file, text, agreementSchema);
  const names = [...Object.keys(value.events), ...scoringKinds];
  const unknown = (name: string) =>
    `"${name}" is no event: name one of ${scoringKinds.join(', ')}, or describe it under "events".${suggestion(name, names)}`;
  const problems = [
    ...Object.entries(value.engagement).flatMap(([group, { points }]) =>
      Object.keys(points)
        .filter(name => !names.includes(name))
        .map(name => problem(['engagement', group, 'points', name], unknown(name))),
    ),
    ...repeated(value).map(({ group, name }) =>
      problem(
        ['engagement', group, 'points', name],
        `"${name}" has points in another group already.`,
      ),
    ),
    ...value.grade.hand_raise.events
      .map((name, index) => ({ name, index }))
      .filter(({ name }) => !names.includes(name))
      .map(({ name, index }) => problem(['grade', 'hand_raise', 'events', index], unknown(name))),
    ...value.grade.hand_raise.events
      .map((name, index) => ({ name, index }))
      .filter(({ name }) => names.includes(name) && groupOf(value, name) === null)
      .map(({ name, index }) =>
        problem(
          ['grade', 'hand_raise', 'events', index],
          `"${name}" raises a hand but has no points, and so no window: give it points in a group under "engagement".`,
        ),
      ),
    ...Object.keys(value.events)
      .filter(name => (eventKinds as readonly string[]).includes(name))
      .map(name =>
        problem(['events', name], `"${name}" is a kind of event already; choose another name.`),
      ),
    ...Object.entries(value.rejections).flatMap(([reason, { track }]) =>
      track === undefined || sequences.includes(track)
        ? []
        : [problem(['rejections', reason, 'track'], noSequence(track, sequences))],
    ),
    ...(value.customers === undefined || sequences.includes(value.customers.track)
      ? []
      : [problem(['customers', 'track'], noSequence(value.customers.track, sequences))]),
    ...contradictions(value, problem),
  ];
  if (problems.length > 0) throw new DocumentError(file, problems);
  return value;
}

/** What to say of a sequence that there is none of. */
export function noSequence(name: string, sequences: readonly string[]): string {
  return `there is no sequence "${name}".${suggestion(name, sequences)}`;
}

/** The group that gives an event's name its points, or null. */
function groupOf({ engagement }: AgreementDocument, name: string): string | null {
  return Object.keys(engagement).find(group => name in (engagement[group]?.points ?? {})) ?? null;
}

function repeated({ engagement }: AgreementDocument): { group: string; name: string }[] {
  const seen = new Set<string>();
  return Object.entries(engagement).flatMap(([group, { points }]) =>
    Object.keys(points).flatMap(name => {
      if (seen.has(name)) return [{ group, name }];
      seen.add(name);
      return [];
    }),
  );
}
