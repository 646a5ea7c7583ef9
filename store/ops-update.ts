import type { OpsOutcome, OpsSaid } from '../domain/escalation/by-ops.ts';
import type { EscalationId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { json, sql, type Session } from './database.ts';

/** An update of an escalation's workflow; its id is Temporal's. */
export interface OpsUpdate {
  escalationId: EscalationId;
  updateId: string;
}

/** What ops were answered to an update that was heard before; null when it is new. */
export async function answerToOps(
  session: Session,
  { escalationId, updateId }: OpsUpdate,
): Promise<OpsOutcome | null> {
  const [row] = await session.$queryRaw<{ outcome: OpsOutcome }[]>(sql`
    SELECT outcome FROM ops_update WHERE escalation_id = ${escalationId}::uuid AND update_id = ${updateId}`);
  return row?.outcome ?? null;
}

/** Keeps what ops said and what they are answered. */
export async function keepAnswerToOps(
  session: Session,
  { escalationId, updateId }: OpsUpdate,
  { verb }: OpsSaid,
  outcome: OpsOutcome,
  at: Instant,
): Promise<void> {
  await session.$executeRaw(sql`
    INSERT INTO ops_update (escalation_id, update_id, verb, outcome, at)
    VALUES (${escalationId}::uuid, ${updateId}, ${verb}, ${json(outcome)}::jsonb, moment(${at}::bigint))`);
}
