import { setTimeout as sleep } from 'node:timers/promises';
import type { EscalationId, ImportId, LeadId, PersonId } from '../domain/ids.ts';
import { instant, plus, type Instant } from '../domain/instant.ts';
import { normalizeAddress, type Address } from '../domain/lead/address.ts';
import { noFields, type LeadFields } from '../domain/lead/fields.ts';
import type { LeadRow } from '../domain/lead/row.ts';
import { readDocument } from '../domain/document/read.ts';
import { compiledName, rulesOf } from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import type { Clock } from '../engine/clock.ts';
import { forward, forwardThroughTimer, idle } from '../engine/virtual-time.ts';
import type { OutboxEntry, StoredMail } from '../sandbox/sendgrid/outbox.ts';
import { newId, type Database } from '../store/database.ts';
import { recordAnswer, type Answer } from '../store/answer.ts';
import type { AnswerKind } from '../domain/escalation/life.ts';
import { ingestEvents, type ArrivedEvent } from '../store/event.ts';
import { takeIn as takeInRows } from '../store/intake.ts';
import { openImport, openSource, upsertLeads } from '../store/lead.ts';
import { publishVersion } from '../store/publication.ts';
import { openWork } from '../store/slot.ts';
import type { App } from './app.ts';
import { theAgreement } from './domain/facts.ts';

export function address(text: string): Address {
  const result = normalizeAddress(text);
  if ('reason' in result) throw new Error(result.reason);
  return result.address;
}

/** A lead whose fit is as good as it gets under the agreement of this repository. */
export const bestFit: Partial<LeadFields> = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  company: 'Analytical Engines',
  title: 'Plant Manager',
  industry: 'manufacturing',
  employees: 500,
  country: 'DE',
};

let made = 0;

/** A lead in the database, not looked at yet. Without fields it fits worst; without a domain its company has it alone. */
export async function aLead(
  { database, clock }: { database: Database; clock: Clock },
  fields: Partial<LeadFields> = {},
  domain?: string,
): Promise<LeadId> {
  const source = await openSource(database, 'test', null, clock.now());
  const [lead] = await upsertLeads(database, [aRow(fields, domain)], source, clock.now());
  if (lead === undefined) throw new Error('No lead was made.');
  return lead.id;
}

function aRow(fields: Partial<LeadFields>, domain?: string): LeadRow {
  const n = (made += 1);
  return {
    address: address(`lead-${n}@${domain ?? `company-${n}.example`}`),
    fields: { ...noFields, ...fields },
    accountStatus: null,
    optedOut: false,
    consent: null,
    conversions: [],
  };
}

/** An import whose leads are in the database, and were not looked at yet. */
export async function anImport(
  { database, clock }: { database: Database; clock: Clock },
  count: number,
  fields: Partial<LeadFields> = bestFit,
): Promise<{ importId: ImportId; leads: LeadId[] }> {
  const at = clock.now();
  const source = await openSource(database, 'test', null, at);
  const importId = await openImport(database, newId(), source, at);
  const rows = Array.from({ length: count }, () => aRow(fields));
  const { touched } = await database.transaction(session =>
    takeInRows(session, importId, source, rows, theAgreement(), at),
  );
  return { importId, leads: touched };
}

/** Something a lead did, as it would arrive. */
export function anArrival(lead: LeadId, event: Partial<ArrivedEvent>): ArrivedEvent {
  const key = newId();
  return {
    providerKey: key,
    naturalHash: key,
    kind: 'page',
    subject: '/',
    at: instant(0),
    holdUntil: null,
    leadId: lead,
    sendId: null,
    providerId: null,
    address: null,
    detail: null,
    ...event,
  };
}

/** A lead does something now, or several things at once: stored and nudged, as the HTTP server does it. */
export async function does(
  app: App,
  lead: LeadId,
  ...events: Partial<ArrivedEvent>[]
): Promise<void> {
  const at = app.clock.now();
  const arrivals = events.map(event => anArrival(lead, { at, ...event }));
  const { toNudge } = await ingestEvents(app.database, arrivals, at);
  app.nudger.nudge(toNudge);
  await settled(app, lead);
}

/** Has the lead looked at for the first time, as an import would. */
export async function takeIn(app: App, lead: LeadId): Promise<void> {
  const [work] = await openWork(app.database, [lead]);
  if (work === undefined) throw new Error('There is no such lead.');
  await app.engine.intake(lead, work.revision, { shift: app.clock.shift() });
  await idle(app.client, `intake/${lead}/${work.revision}`);
  await settled(app, lead);
}

/** Waits until every workflow of the lead has come to rest. */
export async function settled(app: App, lead: LeadId): Promise<void> {
  for (;;) {
    await app.sandbox.webhook.settled();
    await app.nudger.drain();
    const ids = await workflowsOf(app, lead);
    for (const id of ids) await idle(app.client, id);
    await app.sandbox.webhook.settled();
    await app.nudger.drain();
    const { revision, seenRevision } = await app.database.lead.findUniqueOrThrow({
      where: { id: lead },
    });
    const after = await workflowsOf(app, lead);
    if (revision === seenRevision && after.join() === ids.join()) return;
  }
}

async function workflowsOf(app: App, lead: LeadId): Promise<string[]> {
  const [work] = await openWork(app.database, [lead]);
  if (work === undefined) return [];
  const ids = [`intake/${lead}/${work.revision}`];
  if (work.enrollmentId !== null) ids.push(`nurture/${work.enrollmentId}`);
  if (work.escalationId !== null) ids.push(`escalation/${work.escalationId}`);
  return ids;
}

/** Lets time pass up to a moment, doing everything of this lead that is due on the way, in order. */
export async function until(app: App, lead: LeadId, moment: Instant): Promise<void> {
  for (;;) {
    const open = await openRow(app, lead);
    if (open === null || open.wake === null || open.wake > moment) break;
    app.clock.at = instant(Math.max(app.clock.at, open.wake));
    await forwardThroughTimer(app.client, open.workflow, open.wake);
    await movedOn(app, lead, open);
    await settled(app, lead);
  }
  app.clock.at = moment;
  const open = await openRow(app, lead);
  if (open !== null) await forward(app.client, open.workflow, moment);
  await settled(app, lead);
}

interface Open {
  workflow: string;
  wake: Instant | null;
  turned: number | null;
}

async function openRow(app: App, lead: LeadId): Promise<Open | null> {
  const [work] = await openWork(app.database, [lead]);
  const { enrollmentId, escalationId } = work ?? { enrollmentId: null, escalationId: null };
  if (enrollmentId === null && escalationId === null) return null;
  const row =
    enrollmentId === null
      ? await app.database.escalation.findUniqueOrThrow({ where: { id: escalationId ?? '' } })
      : await app.database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  return {
    workflow: enrollmentId === null ? `escalation/${escalationId}` : `nurture/${enrollmentId}`,
    wake: row.wakeAt && instant(row.wakeAt.getTime()),
    turned: row.turnedAt?.getTime() ?? null,
  };
}

/** The timer has fired; what it set going is under way a moment later. */
async function movedOn(app: App, lead: LeadId, before: Open): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt++) {
    const after = await openRow(app, lead);
    if (
      after?.workflow !== before.workflow ||
      after.wake !== before.wake ||
      after.turned !== before.turned
    )
      return;
    await sleep(10);
  }
  throw new Error(
    `${before.workflow} did not move on at ${new Date(before.wake ?? 0).toISOString()}.`,
  );
}

/** The mails that a lead was sent, oldest first. */
export async function mailsTo(app: App, lead: LeadId): Promise<OutboxEntry[]> {
  const row = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
  return [...app.sandbox.outbox.all()].filter(({ to }) => to === row.address);
}

export function read(app: App, entry: OutboxEntry | undefined): StoredMail {
  const mail = entry && app.sandbox.outbox.read(entry.id);
  if (!mail) throw new Error('There is no such mail.');
  return mail;
}

/** The lead's open or last enrollment. */
export async function enrollmentOf({ database }: App, lead: LeadId) {
  return database.enrollment.findFirstOrThrow({ where: { leadId: lead }, orderBy: { id: 'desc' } });
}

export async function escalationsOf({ database }: App, lead: LeadId) {
  return database.escalation.findMany({ where: { leadId: lead }, orderBy: { id: 'asc' } });
}

/** The owner of a lead's last escalation answers it. */
export async function answer(
  app: App,
  lead: LeadId,
  kind: AnswerKind,
  reason: string | null = null,
  more: Partial<Answer> = {},
): Promise<void> {
  const escalation = (await escalationsOf(app, lead)).at(-1);
  if (escalation === undefined) throw new Error('There is no escalation.');
  const given = {
    escalationId: escalation.id as EscalationId,
    personId: escalation.ownerId as PersonId,
    kind,
    reason,
    way: 'page',
    ...more,
  } as const;
  const result = await recordAnswer(app.database, given, app.clock.now());
  if (!('recorded' in result)) throw new Error(`The answer was refused: ${result.refused}.`);
  app.nudger.nudge([lead]);
  await settled(app, lead);
}

/** Publishes a sequence from YAML alone; its mails say their names. */
export async function aSequence(
  { database, clock }: { database: Database; clock: Clock },
  name: string,
  yaml: string,
  html: Record<string, string> = {},
): Promise<void> {
  const rules = rulesOf(readDocument('sequence.yaml', yaml, sequenceSchema).value);
  const mails = Object.fromEntries(
    rules.plan.flatMap(step => {
      if (step.do !== 'mail') return [];
      const { subject, preheader } = step;
      const mail = compiledName(step);
      const body =
        html[mail] ??
        `<html><head></head><body>${mail} <a href="https://site.example/${mail}">go</a></body></html>`;
      return [[mail, { subject, preheader, html: body, text: mail }]];
    }),
  );
  const brand = {
    company: 'Test',
    sender: { name: 'Test', address: address('test@sender.example') },
    postalAddress: 'Somewhere 1, 12345 Town',
  };
  await publishVersion(database, name, { goal: 'test', ...rules, mails, brand }, clock.now());
}

export function later(app: App, milliseconds: number): Instant {
  return plus(app.clock.now(), milliseconds);
}

/** The ids of the workflows that a visibility query finds; visibility is written a moment after the history. */
export async function search({ client }: App, query: string): Promise<string[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
    if (found.length > 0) return found;
    await sleep(100);
  }
  return [];
}
