import type { Agreement } from '../domain/agreement/agreement.ts';
import type { ActivationId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { activate } from '../store/activation.ts';
import { contentHashOf, keepAgreement } from '../store/agreement.ts';
import { sign, signers } from '../store/approval.ts';
import type { Database } from '../store/database.ts';

/**
 * Has both teams sign an agreement and puts it into force; one that is in force already stays so.
 * @returns its activation, which nobody has begun; null when it was in force
 */
export async function agreeOn(
  database: Database,
  agreement: Agreement,
  at: Instant,
): Promise<{ version: number; activation: ActivationId | null }> {
  const { id, version } = await keepAgreement(database, agreement, null, at);
  const contentHash = contentHashOf(agreement);
  for (const { id: personId } of await signers(database))
    await sign(database, { agreementId: id, contentHash, personId, way: 'command line' }, at);
  const activated = await activate(database, id, at);
  return { version, activation: 'activation' in activated ? activated.activation : null };
}
