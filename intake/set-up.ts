import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAgreement, type Agreement } from '../domain/agreement/agreement.ts';
import { readSegments } from '../domain/agreement/read-segments.ts';
import type { Segment } from '../domain/agreement/segments.ts';
import { readPeople, type PeopleDocument } from '../domain/escalation/schema.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import { saysTheSame } from '../domain/document/same.ts';
import type { Instant } from '../domain/instant.ts';
import type { Surroundings } from '../domain/sequence/lint/finding.ts';
import { listSequences, readSequence } from '../mail/sequence-folder.ts';
import { lintSales, loadTalks } from '../mail/sales-folder.ts';
import { takeOverAgreement, type AgreementFiles } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { hasPeople, personByKey, takeOverPeople } from '../store/person.ts';
import { publishVersion } from '../store/publication.ts';
import { currentVersions } from '../store/sequence-version.ts';

/** The folders that people write in. */
export interface Sources {
  agreement: string;
  templates: string;
  /** Instead of those in `segments.yaml`. */
  segments?: Segment[];
}

/** What a set-up did, in lines for a person. */
export interface SetUp {
  agreement: {
    /** The version in force. */
    version: number;
    /** Whether it was put into force now. */
    changed: boolean;
    /** Whether the folder says what is in force, and holds no draft. */
    saysTheSame: boolean;
  };
  /** Sequences that were published now. */
  published: string[];
  /** Sequences whose folder says something else than what is live. */
  drafts: string[];
}

/**
 * Makes an installation agree with its folders: the first agreement in force, the people of the seed there,
 * every sequence published once. What is live already is not replaced: publishing is a marketer's act, and
 * another agreement is both teams'.
 * @throws DocumentError when a file cannot be used; then nothing has changed
 */
export async function setUp(database: Database, sources: Sources, at: Instant): Promise<SetUp> {
  const { agreement, files, people } = await readAgreed(sources);
  await loadTalks(sources.templates);
  const names = await listSequences(sources.templates);
  const known: Surroundings = {
    people: people.people.map(({ key }) => key),
    roles: people.people.map(({ role }) => role),
    agreed: agreement.nurture,
  };
  const drafts = await Promise.all(names.map(name => readSequence(sources.templates, name, known)));
  const broken = drafts
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity === 'error');
  const [first] = broken;
  if (first !== undefined)
    throw new DocumentError(
      first.file,
      broken.filter(({ file }) => file === first.file),
    );
  if (!(await hasPeople(database))) await takeOverPeople(database, people);
  const live = new Map((await currentVersions(database)).map(version => [version.name, version]));
  const published: string[] = [];
  const changed: string[] = [];
  for (const { name, owner, content } of drafts) {
    const before = live.get(name);
    if (before === undefined) {
      const by = await personByKey(database, owner);
      await publishVersion(database, name, content, at, { by });
      published.push(name);
    } else if (!saysTheSame(before.content, content)) changed.push(name);
  }
  return {
    agreement: await takeOverAgreement(database, agreement, files, at),
    published,
    drafts: changed,
  };
}

/** What to say when the folder holds another agreement than the one in force. */
export function draftWaits(version: number): string {
  return `agreement/ says something else than version ${version}, which is in force: a draft; see \`npx lockstep agreement diff\`, and have it signed with \`npx lockstep agreement propose\``;
}

/** What sequences rest on beside their own folders, as the agreement's says it; null is what cannot be read. */
export async function surroundings({
  agreement: folder,
  templates,
}: Sources): Promise<Surroundings> {
  const sequences = await listSequences(templates);
  const [people, agreement] = await Promise.all([
    unlessBroken(folder, 'people.yaml', readPeople),
    unlessBroken(folder, 'agreement.yaml', (file, text) => readAgreement(file, text, sequences)),
  ]);
  return {
    people: people && people.people.map(({ key }) => key),
    roles: people && [...new Set(people.people.map(({ role }) => role))],
    agreed: agreement && agreement.nurture,
  };
}

async function unlessBroken<Document>(
  folder: string,
  name: string,
  read: (file: string, text: string) => Document,
): Promise<Document | null> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null);
  try {
    return text === null ? null : read(`agreement/${name}`, text);
  } catch (error) {
    if (error instanceof DocumentError) return null;
    throw error;
  }
}

/** What a folder says that both teams agree on. */
export interface Agreed {
  agreement: Agreement;
  files: AgreementFiles;
  people: PeopleDocument;
}

/** Reads what both teams agree on. @throws DocumentError of the first file that cannot be used */
export async function readAgreed(sources: Sources): Promise<Agreed> {
  const { files, agreement, segments, people } = await tryAgreed(sources);
  const read = {
    agreement: valueOf(agreement),
    segments: valueOf(segments).segments,
    people: valueOf(people),
  };
  return {
    agreement: { ...read.agreement, segments: sources.segments ?? read.segments },
    files,
    people: read.people,
  };
}

/**
 * What is wrong with the files that both teams agree on, and with what sales says to each segment; all of it, of every
 * file.
 */
export async function lintAgreed(sources: Sources): Promise<(Problem & { file: string })[]> {
  const parts = await tried(() => tryAgreed(sources));
  const errors =
    'error' in parts
      ? [parts.error]
      : [parts.value.agreement, parts.value.segments, parts.value.people].flatMap(part =>
          'error' in part ? [part.error] : [],
        );
  const segments =
    'value' in parts && 'value' in parts.value.segments
      ? parts.value.segments.value.segments.map(({ name }) => name)
      : null;
  errors.push(...(await lintSales(sources.templates, segments)));
  return errors.flatMap(({ file, problems }) => problems.map(problem => ({ ...problem, file })));
}

/** The files, and what reading each came to. @throws DocumentError when one is missing */
async function tryAgreed({ agreement: folder, templates }: Sources) {
  const sequences = await listSequences(templates);
  const read = async (name: string) => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (text !== null) return text;
    const message =
      'the file is missing; bring it back from the version control, or copy the one of a fresh clone.';
    throw new DocumentError(`agreement/${name}`, [{ line: 1, column: 1, message }]);
  };
  const files = {
    'agreement.yaml': await read('agreement.yaml'),
    'segments.yaml': await read('segments.yaml'),
  };
  const people = await read('people.yaml');
  const agreement = await tried(() =>
    readAgreement('agreement/agreement.yaml', files['agreement.yaml'], sequences),
  );
  // Segments ask about what the agreement names; of one that is wrong they are not held to it.
  const known = 'error' in agreement ? null : agreement.value;
  return {
    files,
    agreement,
    segments: await tried(() =>
      readSegments('agreement/segments.yaml', files['segments.yaml'], sequences, known),
    ),
    people: await tried(() => readPeople('agreement/people.yaml', people)),
  };
}

/** What reading came to: what it says, or what is wrong with it. */
type Tried<Value> = { value: Value } | { error: DocumentError };

async function tried<Value>(read: () => Value | Promise<Value>): Promise<Tried<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof DocumentError) return { error };
    throw error;
  }
}

function valueOf<Value>(read: Tried<Value>): Value {
  if ('error' in read) throw read.error;
  return read.value;
}
