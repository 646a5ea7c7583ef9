import type { AccountStatus } from '../domain/account/status.ts';
import type { Grade } from '../domain/agreement/grade.ts';
import { stageOf, type LifecycleStage } from '../domain/agreement/stages.ts';
import type { LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { sql, type Session } from './database.ts';
import { furthest, saidBySales } from './sales-progress.ts';

/** An account as it is told. */
export interface AccountHead {
  domain: string;
  name: string | null;
  status: AccountStatus | null;
  /** `active` is false of somebody who has left. */
  owner: { key: string; name: string; active: boolean } | null;
}

/** A lead among those of its account. */
export interface AccountLead {
  id: LeadId;
  /** Null when no name is known. */
  name: string | null;
  title: string | null;
  grade: Grade | null;
  stage: LifecycleStage;
  /** Who of sales has it now. */
  rep: string | null;
}

/** An account, and the best of its leads. */
export interface AccountSheet extends AccountHead {
  leads: AccountLead[];
  /** How many leads it has in all. */
  total: number;
}

/** How many leads are told of an account by itself, and beside one of them. */
const most = { ofAccount: 100, besideOne: 20 };

const head = sql`jsonb_build_object('domain', a.domain, 'name', a.name, 'status', a.status,
  'owner', (SELECT jsonb_build_object('key', p.key, 'name', p.name, 'active', p.active)
    FROM person p WHERE p.id = a.owner_id))`;

/** What is known of an account, with its leads. Null when there is none of this domain. */
export async function accountSheet(
  session: Session,
  domain: string,
  at: Instant,
): Promise<AccountSheet | null> {
  const [row] = await session.$queryRaw<{ id: string; head: AccountHead; total: number }[]>(sql`
    SELECT a.id, ${head} AS head, (SELECT count(*)::int FROM lead WHERE account_id = a.id) AS total
    FROM account a WHERE a.domain = ${domain}`);
  if (row === undefined) return null;
  const leads = await leadsBy(session, sql`l.account_id = ${row.id}::uuid`, most.ofAccount, at);
  return { ...row.head, leads, total: row.total };
}

/** The domains of accounts that stand before and after one that there is none of. */
export async function accountsNear(session: Session, domain: string): Promise<string[]> {
  const rows = await session.$queryRaw<{ domain: string }[]>(sql`
    (SELECT domain FROM account WHERE domain < ${domain} ORDER BY domain DESC LIMIT 10)
    UNION ALL (SELECT domain FROM account WHERE domain > ${domain} ORDER BY domain LIMIT 10)`);
  return rows.map(row => row.domain);
}

/** The account of a lead; null when its address tells no company. */
export async function accountOfLead(session: Session, leadId: LeadId): Promise<AccountHead | null> {
  const [row] = await session.$queryRaw<{ head: AccountHead }[]>(sql`
    SELECT ${head} AS head FROM lead l JOIN account a ON a.id = l.account_id
    WHERE l.id = ${leadId}::uuid`);
  return row?.head ?? null;
}

/** The other leads of a lead's account, the best first: at most 20. */
export async function leadsOfAccount(
  session: Session,
  leadId: LeadId,
  at: Instant,
): Promise<AccountLead[]> {
  const others = sql`l.account_id = (SELECT account_id FROM lead WHERE id = ${leadId}::uuid)
    AND l.id <> ${leadId}::uuid`;
  return leadsBy(session, others, most.besideOne, at);
}

type Row = Omit<AccountLead, 'stage'> & { account: AccountStatus | null; said: string[] };

/** Leads of one account, the best first and of equals the first that came. */
async function leadsBy(
  session: Session,
  which: typeof head,
  limit: number,
  at: Instant,
): Promise<AccountLead[]> {
  const rows = await session.$queryRaw<Row[]>(sql`
    SELECT l.id, nullif(concat_ws(' ', l.first_name, l.last_name), '') AS name, l.title, l.grade, p.name AS rep,
      a.status AS account, ${saidBySales(at)} AS said
    FROM (SELECT * FROM lead l WHERE ${which} ORDER BY l.account_id, l.grade, l.id LIMIT ${limit}) l
    JOIN account a ON a.id = l.account_id
    LEFT JOIN open_slot o ON o.lead_id = l.id
    LEFT JOIN escalation x ON x.id = o.escalation_id
    LEFT JOIN person p ON p.id = x.owner_id
    ORDER BY l.grade, l.id`);
  return rows.map(({ account, said, ...lead }) => ({
    ...lead,
    stage: stageOf({ grade: lead.grade, account, sales: furthest(said) }),
  }));
}
