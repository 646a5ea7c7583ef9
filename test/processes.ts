import { appraise } from '../domain/nurture/appraise.ts';
import { route } from '../domain/escalation/routing.ts';
import type { EnrollmentId, ImportId, LeadId, SendId } from '../domain/ids.ts';
import { day, hour, plus, type Instant } from '../domain/instant.ts';
import { noFields } from '../domain/lead/fields.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import type { Address } from '../domain/lead/address.ts';
import { newId, openDatabase, type Database } from '../store/database.ts';
import { escalate } from '../store/escalation.ts';
import { EventWriter } from '../store/event-writer.ts';
import { ingestEvents, naturalHash, type ArrivedEvent } from '../store/event.ts';
import { loadFacts } from '../store/facts.ts';
import { takeIn } from '../store/intake.ts';
import { openImport, openSource, upsertLeads } from '../store/lead.ts';
import { lockCandidates } from '../store/person.ts';
import { claimSend, settleSend } from '../store/send.ts';
import { openWork } from '../store/slot.ts';
import { applyTurn, StaleFactsError, type Judgement } from '../store/turn.ts';
import { theAgreement } from './domain/facts.ts';
import { anArrival } from './program.ts';

const agreement = theAgreement();

/** A row of a file or of an API call that says nothing but the address, and what is given. */
export function aRow(address: Address, more: Partial<LeadRow> = {}): LeadRow {
  return {
    address,
    fields: noFields,
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
    ...more,
  };
}

/** What an HTTP process does to the database, on connections of its own. */
export class WebProcess {
  readonly #database: Database;
  readonly #writer: EventWriter;
  readonly #at: Instant;

  constructor(databaseUrl: string, connections: number, at: Instant) {
    this.#database = openDatabase(databaseUrl, connections);
    this.#writer = new EventWriter(this.#database, () => undefined);
    this.#at = at;
  }

  /** A post of the provider. */
  post(events: readonly ArrivedEvent[]): Promise<void> {
    return this.#writer.write(events, this.#at);
  }

  /** A post of your own site, which makes leads of strangers. */
  tell(addresses: readonly Address[], subject: string): Promise<void> {
    return this.#database.transaction(async session => {
      const source = await openSource(session, 'website', null, this.#at);
      const rows = addresses.map(address => aRow(address));
      const leads = await upsertLeads(session, rows, source, this.#at);
      const events = leads.map(({ id }) => anArrival(id, { kind: 'form', subject, at: this.#at }));
      await ingestEvents(session, events, this.#at);
    });
  }

  /** Leaving by the link of a mail, which is one event for each lead. */
  async leave(lead: LeadId): Promise<void> {
    const key = `leave/${lead}`;
    const event = {
      kind: 'unsubscribe',
      providerKey: key,
      naturalHash: naturalHash(key),
      at: this.#at,
    } as const;
    await ingestEvents(this.#database, [anArrival(lead, event)], this.#at);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** An import of one batch, as the command line does it. */
export async function bringIn(
  database: Database,
  rows: readonly LeadRow[],
  at: Instant,
): Promise<ImportId> {
  const source = await openSource(database, 'fair', null, at);
  const id = await openImport(database, newId(), source, at);
  await database.transaction(session => takeIn(session, id, source, rows, agreement, at));
  return id;
}

/** What a worker does to the database, on connections of its own. */
export class WorkerProcess {
  readonly #database: Database;
  readonly #at: Instant;

  constructor(databaseUrl: string, connections: number, at: Instant) {
    this.#database = openDatabase(databaseUrl, connections);
    this.#at = at;
  }

  /** Looks at a lead until what was decided is applied. */
  async turn(lead: LeadId): Promise<void> {
    for (;;) {
      try {
        return await this.#turn(lead);
      } catch (error) {
        if (!(error instanceof StaleFactsError)) throw error;
      }
    }
  }

  async #turn(lead: LeadId): Promise<void> {
    const facts = await loadFacts(this.#database, lead, this.#at);
    if (facts === null) throw new Error('There is no such lead.');
    const appraisal = appraise(facts, agreement, this.#at);
    const judgement = { facts, appraisal, armed: appraisal.armed, at: this.#at };
    const { enrollment, escalation } = facts;
    if (appraisal.cause !== null) return this.#escalate(judgement, appraisal.cause);
    if (enrollment !== null) {
      const ended = facts.lead.suppressed ? ('suppressed' as const) : null;
      const state = { ...enrollment, wakeAt: ended === null ? this.#at : null, ended };
      await applyTurn(this.#database, { judgement, enrollment: state });
    } else if (escalation === null && !facts.lead.suppressed && facts.past.length === 0) {
      const begins = await this.#begin(`intake/${lead}`);
      await applyTurn(this.#database, { judgement, begins });
    } else await applyTurn(this.#database, { judgement });
  }

  async #begin(originKey: string) {
    const version = await this.#database.sequenceVersion.findFirstOrThrow();
    return {
      id: newId<EnrollmentId>(),
      versionId: version.id as never,
      originKey,
      segment: 'everyone else',
      cursor: 0,
      dueAt: this.#at,
      wakeAt: this.#at,
    };
  }

  async #escalate(
    judgement: Judgement,
    cause: NonNullable<Judgement['appraisal']['cause']>,
  ): Promise<void> {
    const { facts, appraisal } = judgement;
    const { lead, enrollment, escalations } = facts;
    await this.#database.transaction(async session => {
      const ended = enrollment && { ...enrollment, wakeAt: null, ended: 'escalated' as const };
      const scoreId = await applyTurn(session, {
        judgement: { ...judgement, armed: false },
        enrollment: ended,
        keepScore: true,
      });
      await escalate(session, {
        leadId: lead.id,
        originKey: `${lead.id}/${escalations + 1}`,
        scoreId: scoreId ?? '',
        enrollmentId: enrollment?.id ?? null,
        grade: appraisal.score.grade,
        cause,
        segment: null,
        joins: null,
        route: route(lead.fields, await lockCandidates(session, this.#at)),
        acceptDueAt: plus(this.#at, hour),
        contactDueAt: plus(this.#at, day),
        at: this.#at,
      });
    });
  }

  /**
   * Sends a mail if that is allowed, while `meanwhile` happens to it.
   * @returns whether it was sent
   */
  async deliver(
    lead: LeadId,
    stepKey: string,
    meanwhile: (sendId: SendId) => Promise<unknown>,
  ): Promise<boolean> {
    const [work] = await openWork(this.#database, [lead]);
    const enrollmentId = work?.enrollmentId ?? null;
    if (enrollmentId === null) return false;
    const claim = await claimSend(this.#database, {
      enrollmentId,
      leadId: lead,
      stepKey,
      contentKey: `storm/${stepKey}`,
      caps: [{ mails: 1_000, since: plus(this.#at, -day) }],
      at: this.#at,
    });
    if (claim === null) return false;
    const settlement = {
      state: 'accepted',
      providerId: claim.token,
      reason: null,
      cursor: 1,
      dueAt: this.#at,
      wakeAt: this.#at,
    } as const;
    const [settled] = await Promise.all([
      settleSend(this.#database, claim, settlement, this.#at),
      meanwhile(claim.sendId),
    ]);
    if (!settled) throw new Error('A mail that was sent was not settled by who sent it.');
    return true;
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
