import type { PersonId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { json, newId, sql, type Database, type Session } from './database.ts';
import { hashOf, versionHolding, type SequenceContent } from './sequence-version.ts';

/** How a version came to be live. */
export type PublicationKind = 'published' | 'rolled back';

/** A version that went live. */
export interface Publication {
  /** The n-th of its sequence. */
  n: number;
  version: number;
  kind: PublicationKind;
  /** By whom; null where that is not known. */
  by: { key: string; name: string } | null;
  at: Instant;
}

/** Who publishes, and what they took for live. */
export interface Publishing {
  by?: PersonId | null;
  /** The version that was live when it was decided, null for none; left out, whatever is live is replaced. */
  expected?: number | null;
}

/** Somebody else published meanwhile: what was decided rested on another version. */
export class PublishedMeanwhileError extends Error {
  override readonly name = 'PublishedMeanwhileError';
}

/**
 * Makes a content what is live of a sequence: the version that holds it already, or a new one. What is live already
 * is not published again.
 * @throws PublishedMeanwhileError when another version is live than was expected
 */
export async function publishVersion(
  database: Database,
  name: string,
  content: SequenceContent,
  at: Instant,
  publishing: Publishing = {},
): Promise<{ id: VersionId; version: number; changed: boolean }> {
  return database.transaction(async session => {
    await lockVersions(session);
    const row = await keepVersion(session, name, content, at);
    const changed = await makeLive(session, name, row.id, 'published', at, publishing);
    return { ...row, changed };
  });
}

/**
 * Makes a version live again that was live before.
 * @throws PublishedMeanwhileError when another version is live than was expected
 */
export async function rollBack(
  database: Database,
  name: string,
  id: VersionId,
  at: Instant,
  publishing: Publishing = {},
): Promise<{ changed: boolean }> {
  return database.transaction(async session => {
    await lockVersions(session);
    return { changed: await makeLive(session, name, id, 'rolled back', at, publishing) };
  });
}

/** Every time that another version of a sequence went live, the newest first. */
export async function publicationsOf(session: Session, name: string): Promise<Publication[]> {
  const rows = await session.publication.findMany({
    where: { sequence: name },
    orderBy: { n: 'desc' },
    select: {
      n: true,
      kind: true,
      at: true,
      version: { select: { version: true } },
      person: { select: { key: true, name: true } },
    },
  });
  return rows.map(({ n, kind, at, version, person }) => ({
    n,
    version: version.version,
    kind: kind as PublicationKind,
    by: person,
    at: at.getTime() as Instant,
  }));
}

/** Whoever publishes does so alone. */
async function lockVersions(session: Session): Promise<void> {
  await session.$executeRaw(sql`LOCK TABLE sequence_version IN SHARE ROW EXCLUSIVE MODE`);
}

/** The version that holds a content, made if there is none. */
async function keepVersion(
  session: Session,
  name: string,
  content: SequenceContent,
  at: Instant,
): Promise<{ id: VersionId; version: number }> {
  const same = await versionHolding(session, name, content);
  if (same !== null) return same;
  const last = await session.sequenceVersion.aggregate({
    where: { name },
    _max: { version: true },
  });
  const id = newId<VersionId>();
  const version = (last._max.version ?? 0) + 1;
  const publishedAt = new Date(at);
  const data = {
    id,
    name,
    version,
    hash: hashOf(content),
    content: JSON.parse(json(content)) as object,
  };
  await session.sequenceVersion.create({ data: { ...data, publishedAt } });
  return { id, version };
}

/** @returns whether another version was live before */
async function makeLive(
  session: Session,
  name: string,
  id: VersionId,
  kind: PublicationKind,
  at: Instant,
  { by = null, expected }: Publishing,
): Promise<boolean> {
  const before = await session.sequence.findUnique({
    where: { name },
    include: { current: { select: { version: true } } },
  });
  if (before?.currentId === id) return false;
  const [last] = await publicationsOf(session, name);
  if (expected !== undefined && expected !== (before?.current.version ?? null))
    throw new PublishedMeanwhileError(meanwhile(name, expected, last));
  await session.sequence.upsert({
    where: { name },
    update: { currentId: id },
    create: { name, currentId: id },
  });
  const n = (last?.n ?? 0) + 1;
  await session.publication.create({
    data: { sequence: name, n, versionId: id, kind, personId: by, at: new Date(at) },
  });
  return true;
}

function meanwhile(name: string, expected: number | null, last: Publication | undefined): string {
  const was = expected === null ? 'nothing was live' : `version ${expected} was live`;
  const is =
    last === undefined
      ? 'nothing is'
      : `version ${last.version} is, ${last.kind} ${last.by === null ? '' : `by ${last.by.name} `}on ${new Date(last.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${name} was not published: ${was} when you looked, and now ${is}. See what it changed with \`npx lockstep sequence diff ${name}\`, then publish again.`;
}
