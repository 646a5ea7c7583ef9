import type { LeadId, MergeId } from '../../domain/ids.ts';
import { day, instant, plus } from '../../domain/instant.ts';
import { newId, sql } from '../../store/database.ts';
import { ingestEvents } from '../../store/event.ts';
import { mergeLeads } from '../../store/merge.ts';
import { storeOutcomes } from '../../store/outcome.ts';
import { undoMerge } from '../../store/unmerge.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { WorkerProcess } from '../processes.ts';
import { address, aLead, anArrival } from '../program.ts';

export const at = instant(Date.parse('2026-03-02T08:00:00Z'));
export const soon = plus(at, day);
export const nothing = async () => undefined;

/** A database with leads who may be one person. */
export class People {
  readonly #test: TestDatabase;
  readonly worker: WorkerProcess;

  private constructor(test: TestDatabase) {
    this.#test = test;
    this.worker = new WorkerProcess(test.url, 15, at);
  }

  static async meet(): Promise<People> {
    return new People(await createDatabase(20));
  }

  get database() {
    return this.#test.database;
  }

  get url(): string {
    return this.#test.url;
  }

  async part(): Promise<void> {
    await this.worker.close();
    await this.#test.drop();
  }

  aPerson(fields = {}): Promise<LeadId> {
    return aLead({ database: this.database, clock: { now: () => at, shift: () => 0 } }, fields);
  }

  /** A lead in nurture that was sent some mails. */
  async nurtured(...mails: string[]): Promise<LeadId> {
    const lead = await this.aPerson();
    await this.worker.turn(lead);
    for (const mail of mails) await this.worker.deliver(lead, mail, nothing);
    return lead;
  }

  /** A lead that is with a rep, because it answered. */
  async escalated(): Promise<LeadId> {
    const lead = await this.nurtured();
    await this.does(lead, 'reply');
    await this.worker.turn(lead);
    return lead;
  }

  async does(lead: LeadId, kind: 'page' | 'form' | 'reply' = 'page', more = {}) {
    const event = anArrival(lead, { kind, at, ...more });
    await ingestEvents(this.database, [event], at);
    return event;
  }

  async addressOf(lead: LeadId) {
    const row = await this.database.lead.findUniqueOrThrow({ where: { id: lead } });
    return address(row.address ?? '');
  }

  /** Something becomes of a lead, as a CRM says. */
  async becomes(to: Awaited<ReturnType<People['addressOf']>>): Promise<void> {
    const row = {
      address: to,
      kind: 'qualified',
      at,
      reason: null,
      money: null,
      id: newId(),
    } as const;
    await storeOutcomes(this.database, [{ source: 'crm', row }], at);
  }

  merging(survivor: LeadId, merged: LeadId) {
    return mergeLeads(this.database, { survivor, merged, who: 'ops', way: 'cli' }, at);
  }

  async merge(survivor: LeadId, merged: LeadId) {
    const result = await this.merging(survivor, merged);
    if ('refused' in result) throw new Error(result.refused);
    return result;
  }

  async undo(id: MergeId) {
    const result = await undoMerge(this.database, id, soon);
    if ('refused' in result) throw new Error(result.refused);
    return result;
  }

  slotOf(lead: LeadId) {
    return this.database.openSlot.findUnique({ where: { leadId: lead } });
  }

  /** Everything that leads have, but for counters, and for the moment at which something is looked at. */
  async everything(...leads: LeadId[]): Promise<unknown> {
    const [row] = await this.database.$queryRaw<{ all: unknown }[]>(sql`
    WITH who AS (SELECT unnest(${leads}::uuid[]) AS id)
    SELECT jsonb_build_object(
      'leads', (SELECT jsonb_agg(to_jsonb(l) - '{turn, revision, seen_revision, revised_at}'::text[] ORDER BY id)
        FROM lead l WHERE id IN (SELECT id FROM who)),
      'aliases', (SELECT jsonb_agg(to_jsonb(a) ORDER BY address) FROM lead_alias a WHERE lead_id IN (SELECT id FROM who)),
      'slots', (SELECT jsonb_agg(to_jsonb(o) ORDER BY lead_id) FROM open_slot o WHERE lead_id IN (SELECT id FROM who)),
      'enrollments', (SELECT jsonb_agg(to_jsonb(e) - 'wake_at' ORDER BY id) FROM enrollment e
        WHERE lead_id IN (SELECT id FROM who)),
      'sends', (SELECT jsonb_agg(to_jsonb(s) ORDER BY id) FROM send s WHERE lead_id IN (SELECT id FROM who)),
      'events', (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM event e WHERE lead_id IN (SELECT id FROM who)),
      'scores', (SELECT jsonb_agg(to_jsonb(s) ORDER BY id) FROM score s WHERE lead_id IN (SELECT id FROM who)),
      'escalations', (SELECT jsonb_agg(to_jsonb(x) ORDER BY id) FROM escalation x WHERE lead_id IN (SELECT id FROM who)),
      'outcomes', (SELECT jsonb_agg(to_jsonb(o) ORDER BY id) FROM outcome o WHERE lead_id IN (SELECT id FROM who))
    ) AS all`);
    return row?.all;
  }
}
