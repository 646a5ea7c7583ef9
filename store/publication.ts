import type { PersonId, ProposalId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { activeAgreement } from './agreement.ts';
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
class PublishedMeanwhileError extends Error {
  override readonly name = 'PublishedMeanwhileError';
}

/** What publishing came to. */
export interface Published {
  id: VersionId;
  version: number;
  /** Whether it went live now. */
  changed: boolean;
  /** What waits for the signature of sales, after which it goes live; null where it is live. */
  proposal: ProposalId | null;
}

/**
 * Makes a content what is live of a sequence: the version that holds it already, or a new one. What is live already
 * is not published again. Where the agreement says so, what was never live is proposed to sales instead.
 * @throws PublishedMeanwhileError when another version is live than was expected
 */
export async function publishVersion(
  database: Database,
  name: string,
  content: SequenceContent,
  at: Instant,
  publishing: Publishing = {},
): Promise<Published> {
  return database.transaction(async session => {
    await lockVersions(session);
    const row = await keepVersion(session, name, content, at);
    if (await mustBeSigned(session, name, row.id)) {
      await asExpected(session, name, publishing);
      const proposal = await propose(session, name, content, at, publishing);
      return { ...row, changed: false, proposal };
    }
    const changed = await makeLive(session, name, row.id, 'published', at, publishing);
    return { ...row, changed, proposal: null };
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
export async function lockVersions(session: Session): Promise<void> {
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

/** Whether the agreement has sales sign a version before it goes live; what was live before need not be signed again. */
async function mustBeSigned(session: Session, name: string, id: VersionId): Promise<boolean> {
  const stored = await activeAgreement(session);
  if (stored?.agreement.sequences?.signed_by_sales !== true) return false;
  return (await session.publication.count({ where: { sequence: name, versionId: id } })) === 0;
}

/** Proposes a content to sales, in place of what was proposed before; the same one stays. */
async function propose(
  session: Session,
  name: string,
  content: SequenceContent,
  at: Instant,
  { by = null }: Publishing,
): Promise<ProposalId> {
  const contentHash = hashOf(content);
  const before = await session.proposal.findFirst({ where: { sequence: name, endedAt: null } });
  if (before?.contentHash === contentHash) return before.id as ProposalId;
  await withdraw(session, name, at);
  const id = newId<ProposalId>();
  const data = { id, sequence: name, contentHash, personId: by, at: new Date(at) };
  await session.proposal.create({ data });
  return id;
}

async function withdraw(session: Session, name: string, at: Instant): Promise<void> {
  await session.proposal.updateMany({
    where: { sequence: name, endedAt: null },
    data: { endedAt: new Date(at), endReason: 'withdrawn' },
  });
}

/**
 * Puts a version live, within the lock of whoever publishes; what was proposed is withdrawn by it.
 * @returns whether another version was live before
 */
export async function makeLive(
  session: Session,
  name: string,
  id: VersionId,
  kind: PublicationKind,
  at: Instant,
  publishing: Publishing,
): Promise<boolean> {
  const before = await session.sequence.findUnique({ where: { name } });
  if (before?.currentId === id) return false;
  const last = await asExpected(session, name, publishing);
  await withdraw(session, name, at);
  await session.sequence.upsert({
    where: { name },
    update: { currentId: id },
    create: { name, currentId: id },
  });
  const n = (last?.n ?? 0) + 1;
  const personId = publishing.by ?? null;
  const data = { sequence: name, n, versionId: id, kind, personId, at: new Date(at) };
  await session.publication.create({ data });
  return true;
}

/** @returns the last publication @throws PublishedMeanwhileError when another version is live than was expected */
async function asExpected(
  session: Session,
  name: string,
  { expected }: Publishing,
): Promise<Publication | undefined> {
  const [last] = await publicationsOf(session, name);
  if (expected !== undefined && expected !== (last?.version ?? null))
    throw new PublishedMeanwhileError(meanwhile(name, expected, last));
  return last;
}

function meanwhile(name: string, expected: number | null, last: Publication | undefined): string {
  const was = expected === null ? 'nothing was live' : `version ${expected} was live`;
  const is =
    last === undefined
      ? 'nothing is'
      : `version ${last.version} is, ${last.kind} ${last.by === null ? '' : `by ${last.by.name} `}on ${new Date(last.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${name} was not published: ${was} when you looked, and now ${is}. See what it changed with \`npx lockstep sequence diff ${name}\`, then publish again.`;
}
