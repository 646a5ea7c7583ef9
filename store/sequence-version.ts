import { createHash } from 'node:crypto';
import type { VersionId } from '../domain/ids.ts';
import type { Brand } from '../domain/sequence/brand.ts';
import type { Rules } from '../domain/sequence/plan.ts';
import { json, type Session } from './database.ts';

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

/** SHA-256 of what a version holds, in hexadecimal: the same content is the same version. */
export function hashOf(content: SequenceContent): string {
  return createHash('sha256').update(json(content)).digest('hex');
}

/** A version of a sequence by its number, or null. */
export async function versionByNumber(
  session: Session,
  name: string,
  version: number,
): Promise<StoredVersion | null> {
  const row = await session.sequenceVersion.findUnique({
    where: { name_version: { name, version } },
  });
  return row && stored(row);
}

/** The version of a sequence that holds a content already, or null. */
export async function versionHolding(
  session: Session,
  name: string,
  content: SequenceContent,
): Promise<{ id: VersionId; version: number } | null> {
  const row = await session.sequenceVersion.findUnique({
    where: { name_hash: { name, hash: hashOf(content) } },
    select: { id: true, version: true },
  });
  return row && { id: row.id as VersionId, version: row.version };
}

/** The version of a sequence with a hash that is known to be there. */
export async function versionHashed(
  session: Session,
  name: string,
  hash: string,
): Promise<StoredVersion> {
  const where = { name_hash: { name, hash } };
  return stored(await session.sequenceVersion.findUniqueOrThrow({ where }));
}

/** The version that is live, or null when the sequence was never published. */
export async function currentVersion(
  session: Session,
  name: string,
): Promise<StoredVersion | null> {
  const row = await session.sequence.findUnique({ where: { name }, include: { current: true } });
  return row && stored(row.current);
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
