import { createHash } from 'node:crypto';
import type { Agreement } from '../domain/agreement/agreement.ts';
import type { AgreementId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { json, newId, sql, type Database, type Session } from './database.ts';

export interface StoredAgreement {
  id: AgreementId;
  version: number;
  agreement: Agreement;
}

/** The active agreement, or null before the first. */
export async function activeAgreement(session: Session): Promise<StoredAgreement | null> {
  const row = await session.agreement.findUnique({ where: { activeSlot: 1 } });
  return row && stored(row);
}

export async function agreementById(session: Session, id: AgreementId): Promise<StoredAgreement> {
  return stored(await session.agreement.findUniqueOrThrow({ where: { id } }));
}

/**
 * Makes a content the active agreement: the version that holds it already, or a new one. The version
 * before is archived in the same transaction, so that there is never none and never two.
 */
export async function activateAgreement(
  database: Database,
  agreement: Agreement,
  at: Instant,
): Promise<{ version: number; changed: boolean }> {
  const contentHash = createHash('sha256').update(json(agreement)).digest('hex');
  const lookbackMs = Math.max(...Object.values(agreement.engagement).map(({ window }) => window));
  return database.transaction(async session => {
    await session.$executeRaw(sql`LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE`);
    const active = await session.agreement.findUnique({ where: { activeSlot: 1 } });
    if (active?.contentHash === contentHash) return { version: active.version, changed: false };
    if (active !== null)
      await session.agreement.update({ where: { id: active.id }, data: { activeSlot: null } });
    const last = await session.agreement.aggregate({ _max: { version: true } });
    const { version } = await session.agreement.upsert({
      where: { contentHash },
      update: { activeSlot: 1, activatedAt: new Date(at) },
      create: {
        id: newId(),
        version: (last._max.version ?? 0) + 1,
        contentHash,
        content: JSON.parse(json(agreement)) as object,
        lookbackMs,
        activeSlot: 1,
        createdAt: new Date(at),
        activatedAt: new Date(at),
      },
    });
    return { version, changed: true };
  });
}

function stored(row: { id: string; version: number; content: unknown }): StoredAgreement {
  return { id: row.id as AgreementId, version: row.version, agreement: row.content as Agreement };
}
