import { createHash } from 'node:crypto';
import type { VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Brand } from '../domain/sequence/brand.ts';
import type { Rules } from '../domain/sequence/plan.ts';
import { json, newId, sql, type Database, type Session } from './database.ts';

/** A mail as it was compiled when its sequence was published; its texts still hold Liquid. */
export interface CompiledMail {
  subject: string;
  preheader: string;
  html: string;
  text: string;
}

/** Everything that sending a version needs; independent of the files it was made from. */
export interface SequenceContent extends Rules {
  goal: string;
  /** By what they are called; see `compiledName`. */
  mails: Record<string, CompiledMail>;
  /** As the brand was when the version was published. */
  brand: Brand;
}

export interface StoredVersion {
  id: VersionId;
  name: string;
  version: number;
  content: SequenceContent;
}

export async function versionById(session: Session, id: VersionId): Promise<StoredVersion> {
  return stored(await session.sequenceVersion.findUniqueOrThrow({ where: { id } }));
}

/** The version that new enrollments get, or null when the sequence was never published. */
export async function currentVersionId(session: Session, name: string): Promise<VersionId | null> {
  const row = await session.sequence.findUnique({ where: { name } });
  return (row?.currentId ?? null) as VersionId | null;
}

export async function currentVersions(session: Session): Promise<StoredVersion[]> {
  const rows = await session.sequence.findMany({
    orderBy: { name: 'asc' },
    include: { current: true },
  });
  return rows.map(({ current }) => stored(current));
}

/**
 * Makes a content the current version of a sequence: the version that holds it already, or a new one.
 */
export async function publishVersion(
  database: Database,
  name: string,
  content: SequenceContent,
  at: Instant,
): Promise<{ id: VersionId; version: number; changed: boolean }> {
  const hash = createHash('sha256').update(json(content)).digest('hex');
  return database.transaction(async session => {
    await session.$executeRaw(sql`LOCK TABLE sequence_version IN SHARE ROW EXCLUSIVE MODE`);
    const before = await session.sequence.findUnique({ where: { name } });
    const same = await session.sequenceVersion.findUnique({
      where: { name_hash: { name, hash } },
    });
    const last = await session.sequenceVersion.aggregate({
      where: { name },
      _max: { version: true },
    });
    const row =
      same ??
      (await session.sequenceVersion.create({
        data: {
          id: newId(),
          name,
          version: (last._max.version ?? 0) + 1,
          hash,
          content: JSON.parse(json(content)) as object,
          publishedAt: new Date(at),
        },
      }));
    await session.sequence.upsert({
      where: { name },
      update: { currentId: row.id },
      create: { name, currentId: row.id },
    });
    return { id: row.id as VersionId, version: row.version, changed: before?.currentId !== row.id };
  });
}

function stored(row: {
  id: string;
  name: string;
  version: number;
  content: unknown;
}): StoredVersion {
  const { id, name, version, content } = row;
  return { id: id as VersionId, name, version, content: content as SequenceContent };
}
