import type { SegmentAsks } from '../domain/agreement/segment-asks.ts';
import type { LeadId } from '../domain/ids.ts';
import { day, hour, instant, minute, plus, second } from '../domain/instant.ts';
import { noFields } from '../domain/lead/fields.ts';
import { appraise } from '../domain/nurture/appraise.ts';
import { newId, type Database, type Session } from '../store/database.ts';
import { enrollmentByOrigin, enrollmentHead } from '../store/enrollment.ts';
import { recordAnswer } from '../store/answer.ts';
import { endEscalation, escalate, escalationOfAssignment } from '../store/escalation.ts';
import { ingestEvents } from '../store/event.ts';
import { handoverOf } from '../store/handover.ts';
import { loadFacts, loadManyFacts, type LoadedFacts } from '../store/facts.ts';
import * as hooks from '../store/hook.ts';
import { leadHistories } from '../store/lead-histories.ts';
import { addImportRows, importPage, leadByAddress, upsertLeads } from '../store/lead.ts';
import { openRows, overdueRows, unfinishedImports, unseenLeads } from '../store/orphans.ts';
import { lockCandidates } from '../store/person.ts';
import { claimSend, giveUpOn, releaseSend, settleSend } from '../store/send.ts';
import { openWork } from '../store/slot.ts';
import { leadsToSurvey } from '../store/segment-leads.ts';
import { explainedCrossing, leadSheet } from '../store/lead-sheet.ts';
import { leadStory } from '../store/story.ts';
import { isSuppressed } from '../store/suppression.ts';
import { applyTurns, type Turn } from '../store/turn.ts';
import { accountWork } from './account-work.ts';
import { deskWork } from './desk-work.ts';
import { crowdAddress, crowdNow, crowdSize, type Subjects } from './crowd.ts';
import { theAgreement } from './domain/facts.ts';
import { aRow } from './processes.ts';
import { anArrival } from './program.ts';

const at = instant(Date.parse(crowdNow));
const agreement = theAgreement();
/** Everything that segments can ask about. */
const asks: SegmentAsks = {
  events: { kinds: ['page', 'click', 'delivered'], within: 60 * day },
  rejections: true,
  past: true,
};

const addressOf = (n: number) => crowdAddress(n, crowdSize);

function turnOf(facts: LoadedFacts): Turn {
  const judgement = { facts, appraisal: appraise(facts, agreement, at), armed: true, at };
  const { enrollment } = facts;
  const state = enrollment && { ...enrollment, wakeAt: at, ended: null };
  return { judgement, enrollment: state, keepScore: true };
}

async function turns(session: Session, leads: readonly LeadId[]): Promise<unknown> {
  const facts = await loadManyFacts(session, leads, at);
  return applyTurns(session, facts.map(turnOf));
}

async function deliver(session: Session, { nurtured, enrollment }: Subjects): Promise<void> {
  const claim = await claimSend(session, {
    enrollmentId: enrollment,
    leadId: nurtured,
    stepKey: 'next',
    contentKey: 'd-long-cycle/next',
    caps: [{ mails: 2, since: plus(at, -7 * day) }],
    at,
  });
  if (claim === null) throw new Error('The mail may not be sent.');
  const place = { cursor: 4, dueAt: at, wakeAt: at };
  const settlement = { state: 'unknown', providerId: null, reason: 'none', ...place } as const;
  await settleSend(session, claim, settlement, at);
  await giveUpOn(session, claim.sendId, at);
  await releaseSend(session, claim);
}

/** Events of a post, of leads and mails that are told in different ways. */
function post({ page, send, nurtured }: Subjects, count: number) {
  const kinds = ['click', 'delivered', 'page', 'bounce', 'processed'] as const;
  return Array.from({ length: count }, (_, n) => {
    const told = n % 2 === 0 ? { sendId: send } : { leadId: null, address: addressOf(1 + n * 7) };
    const kind = kinds[n % kinds.length] ?? 'page';
    return anArrival(page[n % page.length] ?? nurtured, { kind, at, ...told });
  });
}

/** Reads one page of histories, and the one after it. */
async function pastOf(database: Session): Promise<void> {
  const scope = { eventsSince: plus(at, -180 * day), to: at, timeline: 'received' } as const;
  const pages = leadHistories(database, scope);
  await pages.next();
  await pages.next();
  await pages.return();
}

function rowsOfAFile() {
  const fields = { ...noFields, title: 'Head of Plants' };
  return Array.from({ length: 500 }, (_, n) => aRow(addressOf(1 + n * 190), { fields }));
}

async function hand(session: Session, { resting, restingScore, owner }: Subjects): Promise<void> {
  await lockCandidates(session, at);
  await escalate(session, {
    leadId: resting,
    originKey: `${resting}/2`,
    scoreId: restingScore,
    enrollmentId: null,
    grade: 'A',
    cause: 'hand raise',
    segment: null,
    joins: null,
    route: { person: owner, cause: 'routed', reason: 'in territory' },
    acceptDueAt: at,
    contactDueAt: at,
    at,
  });
}

async function answer(database: Database, { escalation, owner }: Subjects): Promise<void> {
  const said = { kind: 'rejected', reason: 'not now', note: null, way: 'page' } as const;
  await recordAnswer(database, { escalationId: escalation, personId: owner, ...said }, at);
  await endEscalation(database, escalation, 'rejected', {}, at);
}

async function showPage(database: Database, subjects: Subjects): Promise<void> {
  const state = await escalationOfAssignment(database, subjects.assignment);
  await loadFacts(database, subjects.escalated, at);
  await explainedCrossing(database, { id: subjects.escalation, cause: 'crossing' });
  await leadStory(database, subjects.escalated, at);
  if (state !== null) await handoverOf(database, state, at);
}

async function tell(session: Session, { escalation: escalationId }: Subjects): Promise<void> {
  const kind = 'escalation.won';
  await hooks.announce(session, { escalationId, kind, originKey: `${escalationId}/won`, at });
  for (const id of await hooks.hooksToStart(session, escalationId)) {
    await hooks.hookFacts(session, id);
    await hooks.markFailed(session, id, 'timeout');
    await hooks.markDelivered(session, id, at);
  }
}

async function lookUp(database: Database, { enrollment }: Subjects): Promise<void> {
  await enrollmentHead(database, enrollment);
  await enrollmentByOrigin(database, `recycle/${newId()}`);
  await isSuppressed(database, addressOf(1));
}

/** The moments that the sweep goes by. */
const overdue = {
  dueBefore: plus(at, -5 * minute),
  neverTurnedBefore: plus(at, -30 * second),
  deafBefore: plus(at, -hour),
};

/** What is done often, or while others wait, or by a clock. */
export interface Work {
  does: (database: Database, subjects: Subjects) => Promise<unknown>;
  /** Rows of tables that grow, which it may look at however large they are. */
  rows: number;
  /** Pages of 8 kB that it may touch, those of indexes too. */
  pages: number;
}

export const hotWork: Readonly<Record<string, Work>> = {
  'the facts of a lead': {
    does: (database, { nurtured }) => loadFacts(database, nurtured, at),
    rows: 80,
    pages: 200,
  },
  'the facts of a lead with a thousand events': {
    does: (database, { busy }) => loadFacts(database, busy, at),
    // Those within the window that counts.
    rows: 400,
    pages: 600,
  },
  'the facts of a page of leads': {
    does: (database, { page }) => loadManyFacts(database, page, at),
    rows: 200 * 60,
    pages: 200 * 150,
  },
  'a turn': {
    does: (database, { nurtured }) => turns(database, [nurtured]),
    rows: 100,
    pages: 400,
  },
  'the turns of a page of leads': {
    does: (database, { page }) => turns(database, page),
    rows: 200 * 70,
    pages: 200 * 250,
  },
  'a delivery, with all that may come of it': { does: deliver, rows: 60, pages: 500 },
  'storing an event': {
    does: (database, subjects) => ingestEvents(database, post(subjects, 1), at),
    rows: 20,
    pages: 400,
  },
  'storing a post of a thousand events': {
    does: (database, subjects) => ingestEvents(database, post(subjects, 1_000), at),
    rows: 1_000 * 15,
    pages: 1_000 * 150,
  },
  'what to nudge': {
    does: (database, { page }) => openWork(database, page),
    rows: 200 * 3,
    pages: 200 * 15,
  },
  'the sweep’s look for leads with something unseen': {
    does: database => unseenLeads(database, plus(at, -30 * second), 500),
    rows: 1_000,
    pages: 10_000,
  },
  'the sweep’s look for rows that did not wake': {
    does: database => overdueRows(database, overdue, 500),
    rows: 1_000,
    pages: 2_000,
  },
  'the sweep’s first page of open rows': {
    does: database => openRows(database, at, null, 1_000),
    rows: 1_000 * 3,
    pages: 1_000 * 10,
  },
  'the sweep’s page of open rows in the middle': {
    does: (database, { nurtured }) => openRows(database, at, nurtured, 1_000),
    rows: 1_000 * 3,
    pages: 1_000 * 10,
  },
  'the sweep’s look for imports': {
    does: database => unfinishedImports(database, at),
    rows: 0,
    pages: 10,
  },
  'the sweep’s look for webhooks that wait': {
    does: database => hooks.waitingHooks(database, at),
    rows: 10,
    pages: 30,
  },
  'a transition that another system is told of': { does: tell, rows: 20, pages: 200 },
  'a lead by its address': {
    does: database => leadByAddress(database, addressOf(77_777)),
    rows: 2,
    pages: 20,
  },
  'taking in a batch of a file': {
    does: (database, { source }) => upsertLeads(database, rowsOfAFile(), source, at),
    rows: 500 * 6,
    pages: 500 * 120,
  },
  'noting what an import brought in': {
    does: (database, subjects) => addImportRows(database, subjects.import, subjects.page),
    rows: 200 * 4,
    pages: 200 * 50,
  },
  'a page of an import': {
    does: (database, subjects) => importPage(database, subjects.import, 30_000, 200),
    rows: 200,
    pages: 100,
  },
  'a page of leads whose segments are surveyed': {
    does: (database, { nurtured }) => leadsToSurvey(database, asks, nurtured, 1_000, at),
    // Of each lead itself, its slot and enrollments, its rejections, and its events of sixty days.
    rows: 1_000 * 15,
    pages: 1_000 * 60,
  },
  'the story of a lead': {
    does: (database, { nurtured }) => leadStory(database, nurtured, at),
    rows: 100,
    pages: 200,
  },
  'the story of a lead with a thousand events': {
    does: (database, { busy }) => leadStory(database, busy, at),
    // As many as are told, and those between them that are not.
    rows: 200,
    pages: 400,
  },
  'a rep’s page': { does: showPage, rows: 200, pages: 500 },
  ...deskWork,
  'a lead’s page': {
    does: (database, { nurtured }) => leadSheet(database, nurtured, at),
    rows: 200,
    pages: 500,
  },
  'the page of a lead with a thousand events': {
    does: (database, { busy }) => leadSheet(database, busy, at),
    rows: 700,
    pages: 1_200,
  },
  ...accountWork,
  'a rep’s answer, and what follows': { does: answer, rows: 30, pages: 500 },
  'choosing a rep and handing a lead over': {
    does: hand,
    // The assignments of a week, which say who has room.
    rows: 400,
    pages: 500,
  },
  'a page of leads with their past': {
    does: database => pastOf(database),
    // A thousand leads with what each did in half a year; a tenth of them cannot let go of a page.
    rows: 80_000,
    pages: 160_000,
  },
  'looking rows up by their keys': { does: lookUp, rows: 10, pages: 50 },
};
