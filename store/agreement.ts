import { createHash } from 'node:crypto';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { lookbackOf } from '../domain/agreement/lookback.ts';
import type { Forecast } from '../domain/agreement/forecast.ts';
import type { AgreementId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { json, newId, sql, type Database, type Session } from './database.ts';

/** The texts of an agreement as people wrote them, by the names of their files. */
export type AgreementFiles = Readonly<Record<'agreement.yaml' | 'segments.yaml', string>>;

export interface StoredAgreement {
  id: AgreementId;
  version: number;
  agreement: Agreement;
}

/** What is known of a version, beside what it says. */
export interface AgreementHead {
  id: AgreementId;
  version: number;
  contentHash: string;
  /** A draft may still come into force; what was in force and is not any more is archived. */
  state: 'draft' | 'active' | 'archived';
  createdAt: Instant;
  activatedAt: Instant | null;
  /** Null for versions from before texts were kept. */
  files: AgreementFiles | null;
}

/** The active agreement, or null before the first. */
export async function activeAgreement(session: Session): Promise<StoredAgreement | null> {
  const row = await session.agreement.findUnique({ where: { activeSlot: 1 } });
  return row && stored(row);
}

export async function agreementById(session: Session, id: AgreementId): Promise<StoredAgreement> {
  return stored(await session.agreement.findUniqueOrThrow({ where: { id } }));
}

/** Every version there is, the newest first. */
export async function agreementHeads(session: Session): Promise<AgreementHead[]> {
  const rows = await session.agreement.findMany({
    orderBy: { version: 'desc' },
    omit: { content: true, forecast: true },
  });
  return rows.map(({ id, version, contentHash, createdAt, activatedAt, activeSlot, files }) => ({
    id: id as AgreementId,
    version,
    contentHash,
    state: activeSlot !== null ? 'active' : activatedAt === null ? 'draft' : 'archived',
    createdAt: createdAt.getTime() as Instant,
    activatedAt: activatedAt && (activatedAt.getTime() as Instant),
    files: files === null ? null : inOrder(files as unknown as AgreementFiles),
  }));
}

/**
 * Keeps an agreement as a version: the one that says just this already, or a new draft. What is only written
 * differently, such as a comment, says the same.
 */
export async function keepAgreement(
  database: Database,
  agreement: Agreement,
  files: AgreementFiles | null,
  at: Instant,
): Promise<KeptAgreement> {
  return database.transaction(async session => {
    await lockAgreements(session);
    return keep(session, agreement, files, at);
  });
}

/**
 * Puts the first agreement of a new installation into force, before there is anybody to sign it. Where one
 * is in force already, nothing changes.
 */
export async function takeOverAgreement(
  database: Database,
  agreement: Agreement,
  files: AgreementFiles,
  at: Instant,
): Promise<{ version: number; changed: boolean; saysTheSame: boolean }> {
  return database.transaction(async session => {
    await lockAgreements(session);
    const active = await session.agreement.findUnique({ where: { activeSlot: 1 } });
    if (active !== null) {
      const saysTheSame = active.contentHash === contentHashOf(agreement);
      return { version: active.version, changed: false, saysTheSame };
    }
    const { id, version } = await keep(session, agreement, files, at);
    await makeActive(session, id, at);
    return { version, changed: true, saysTheSame: true };
  });
}

export interface KeptAgreement {
  id: AgreementId;
  version: number;
  isNew: boolean;
}

async function keep(
  session: Session,
  agreement: Agreement,
  files: AgreementFiles | null,
  at: Instant,
): Promise<KeptAgreement> {
  const contentHash = contentHashOf(agreement);
  const known = await session.agreement.findUnique({ where: { contentHash } });
  if (known !== null) return { id: known.id as AgreementId, version: known.version, isNew: false };
  const last = await session.agreement.aggregate({ _max: { version: true } });
  const id = newId<AgreementId>();
  const version = (last._max.version ?? 0) + 1;
  await session.agreement.create({
    data: {
      id,
      version,
      contentHash,
      content: JSON.parse(json(agreement)) as object,
      ...(files === null ? {} : { files }),
      lookbackMs: lookbackOf(agreement),
      createdAt: new Date(at),
    },
  });
  return { id, version, isNew: true };
}

/** Keeps what a draft would have meant for the past, for those who are asked to sign it. */
export async function keepForecast(
  session: Session,
  id: AgreementId,
  forecast: Forecast,
): Promise<void> {
  await session.agreement.update({
    where: { id },
    data: { forecast: JSON.parse(json(forecast)) as object },
  });
}

/** What a draft would have meant, as it was worked out when it was proposed; null where it was not. */
export async function forecastOf(session: Session, id: AgreementId): Promise<Forecast | null> {
  const row = await session.agreement.findUnique({ where: { id }, select: { forecast: true } });
  return (row?.forecast ?? null) as Forecast | null;
}

/** SHA-256 of what an agreement says, in hexadecimal: what signatures are given under. */
export function contentHashOf(agreement: Agreement): string {
  return createHash('sha256').update(json(agreement)).digest('hex');
}

/** Whoever changes which versions there are, or which is active, does so alone. */
export async function lockAgreements(session: Session): Promise<void> {
  await session.$executeRaw(sql`LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE`);
}

/** Makes a version the active one, and archives the one before, so that there is never none and never two. */
export async function makeActive(session: Session, id: AgreementId, at: Instant): Promise<void> {
  await session.agreement.updateMany({ where: { activeSlot: 1 }, data: { activeSlot: null } });
  await session.agreement.update({
    where: { id },
    data: { activeSlot: 1, activatedAt: new Date(at) },
  });
}

/** The database keeps the parts of an object in an order of its own. */
function inOrder(files: AgreementFiles): AgreementFiles {
  return { 'agreement.yaml': files['agreement.yaml'], 'segments.yaml': files['segments.yaml'] };
}

function stored(row: { id: string; version: number; content: unknown }): StoredAgreement {
  return { id: row.id as AgreementId, version: row.version, agreement: row.content as Agreement };
}
