import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAgreement, readSegments, type Agreement } from '../domain/agreement/agreement.ts';
import { readPeople, type PeopleDocument } from '../domain/escalation/schema.ts';
import { DocumentError } from '../domain/document/problem.ts';
import type { Instant } from '../domain/instant.ts';
import { listSequences, readSequence } from '../mail/sequence-folder.ts';
import { activateAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { hasPeople, takeOverPeople } from '../store/person.ts';
import { currentVersions, publishVersion } from '../store/sequence-version.ts';

/** The folders that people write in. */
export interface Sources {
  agreement: string;
  templates: string;
}

/** What a set-up did, in lines for a person. */
export interface SetUp {
  agreement: { version: number; changed: boolean };
  /** Sequences that were published now. */
  published: string[];
  /** Sequences whose folder says something else than what is live. */
  drafts: string[];
}

/**
 * Makes an installation agree with its folders: the agreement active, the people of the seed there,
 * every sequence published once. What is live already is not replaced: publishing is a marketer's act.
 * @throws DocumentError when a file cannot be used; then nothing has changed
 */
export async function setUp(database: Database, sources: Sources, at: Instant): Promise<SetUp> {
  const { agreement, people } = await readAgreed(sources);
  const names = await listSequences(sources.templates);
  const keys = people.people.map(({ key }) => key);
  const drafts = await Promise.all(names.map(name => readSequence(sources.templates, name, keys)));
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
  for (const { name, content } of drafts) {
    const before = live.get(name);
    if (before === undefined) {
      await publishVersion(database, name, content, at);
      published.push(name);
    } else if (!sameContent(before.content, content)) changed.push(name);
  }
  return {
    agreement: await activateAgreement(database, agreement, at),
    published,
    drafts: changed,
  };
}

/** The keys of the people in `people.yaml`, who may own sequences; null while that cannot be read. */
export async function ownerKeys(agreementFolder: string): Promise<string[] | null> {
  const text = await readFile(join(agreementFolder, 'people.yaml'), 'utf8').catch(() => null);
  try {
    return text === null
      ? null
      : readPeople('agreement/people.yaml', text).people.map(({ key }) => key);
  } catch (error) {
    if (error instanceof DocumentError) return null;
    throw error;
  }
}

/** Reads what both teams agreed on. @throws DocumentError */
async function readAgreed({
  agreement: folder,
  templates,
}: Sources): Promise<{ agreement: Agreement; people: PeopleDocument }> {
  const sequences = await listSequences(templates);
  const read = async (name: string) => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (text !== null) return text;
    const message =
      'the file is missing; bring it back from the version control, or copy the one of a fresh clone.';
    throw new DocumentError(`agreement/${name}`, [{ line: 1, column: 1, message }]);
  };
  const agreement = readAgreement(
    'agreement/agreement.yaml',
    await read('agreement.yaml'),
    sequences,
  );
  const { segments } = readSegments(
    'agreement/segments.yaml',
    await read('segments.yaml'),
    sequences,
  );
  const people = readPeople('agreement/people.yaml', await read('people.yaml'));
  return { agreement: { ...agreement, segments }, people };
}

/** Compared as JSON, with keys in order: the database keeps its own. */
function sameContent(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, ordered) === JSON.stringify(b, ordered);
}

function ordered(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
