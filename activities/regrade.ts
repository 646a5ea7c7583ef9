import type { Agreement } from '../domain/agreement/agreement.ts';
import type { LeadId, VersionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { appraise, crossingAfter, underAnother } from '../domain/nurture/appraise.ts';
import { decideIdle, moveOf, pinned } from '../domain/nurture/decide.ts';
import { leadsToGrade, notePage, type ActivationState } from '../store/activation.ts';
import { loadManyFacts, type LoadedFacts } from '../store/facts.ts';
import type { StoredVersion } from '../store/sequence-version.ts';
import { applyTurns, type Turn } from '../store/turn.ts';
import type { Context } from './context.ts';

const pageSize = 400;
/** Pages of one turn: a second or two, after which the workflow tells how far it is. */
const pagesATurn = 10;
/** Pages that are read before their turn comes: PostgreSQL and this process are both at work then. */
const ahead = 2;

/** Leads that follow each other in the order of their ids. */
export interface Page {
  leads: readonly Regrade[];
  /** The last lead before these; null before the first. */
  after: LeadId | null;
  last: LeadId;
}

/** What the agreement makes of the next leads, page by page; the next pages are read while one is worked on. */
export async function* pagesOf(
  context: Context,
  state: ActivationState,
  agreement: Agreement,
  from: LeadId | null,
  at: Instant,
): AsyncGenerator<Page> {
  const ids = await leadsToGrade(context.database, from, pageSize * pagesATurn);
  const pages = Array.from({ length: Math.ceil(ids.length / pageSize) }, (_, n) =>
    ids.slice(n * pageSize, (n + 1) * pageSize),
  );
  const reading: ReturnType<typeof readPage>[] = [];
  let after = from;
  for (const [n, page] of pages.entries()) {
    for (const soon of pages.slice(reading.length, n + 1 + ahead)) {
      const read = readPage(context, state, soon, at);
      // It is waited for when its turn comes; until then nobody listens.
      read.catch(() => undefined);
      reading.push(read);
    }
    const read = await reading[n];
    const last = page.at(-1);
    if (read === undefined || last === undefined) return;
    const { facts, versions } = read;
    yield { leads: facts.map(each => regrade(each, agreement, versions, at)), after, last };
    after = last;
  }
}

/** The facts of some leads, under the agreement that is put into force, and the versions that they are in. */
async function readPage(
  { database, version }: Context,
  { agreementId }: ActivationState,
  page: readonly LeadId[],
  at: Instant,
) {
  const loaded = await loadManyFacts(database, page, at);
  const facts = loaded.filter(each => each.agreementId === agreementId);
  const ids = new Set(facts.flatMap(({ enrollment }) => enrollment?.versionId ?? []));
  const versions = new Map(
    await Promise.all([...ids].map(async id => [id, await version(id)] as const)),
  );
  return { facts, versions };
}

/** Writes the grades of a page, and how far that is. A lead that moved on meanwhile is graded by a turn of its own. */
export async function writeGrades(
  { database }: Context,
  { id }: ActivationState,
  { leads, after, last }: Page,
): Promise<void> {
  const turns = leads.flatMap(({ turn }) => turn ?? []);
  await database.transaction(async session => {
    const done = new Set((await applyTurns(session, turns)).map(({ turn }) => turn));
    const own = leads.filter(({ turn }) => turn !== null && done.has(turn));
    await notePage(session, id, after, last, {
      looked: leads.length,
      changed: own.filter(({ hasChanged }) => hasChanged).length,
      crossed: own.filter(({ crosses }) => crosses).length,
    });
  });
}

/** The leads of a page whose workflows must look. */
export function mustLook({ leads }: Page): LeadId[] {
  return leads.flatMap(({ mustLook: must, lead }) => (must ? [lead] : []));
}

/** A lead under another agreement than it was graded by. */
export interface Regrade {
  lead: LeadId;
  /** Its new grade, to be written; null when its own workflow must look, and grades it then. */
  turn: Turn | null;
  /** Whether its workflow must look: it should do so sooner than it would. Later, it finds out by itself. */
  mustLook: boolean;
  hasChanged: boolean;
  /** Whether it is sales' to work by the new agreement alone. */
  crosses: boolean;
}

/**
 * Grades a lead under the agreement in force. A lead of which something is new is left to its own turn, so
 * that nothing it did is taken for seen; it is graded by the same agreement there.
 */
function regrade(
  loaded: LoadedFacts,
  agreement: Agreement,
  versions: ReadonlyMap<VersionId, StoredVersion>,
  at: Instant,
): Regrade {
  const facts = underAnother(loaded);
  const { lead, enrollment } = facts;
  const appraisal = appraise(facts, agreement, at);
  const own = { lead: lead.id, hasChanged: false, crosses: false };
  if (appraisal.news || appraisal.cause !== null) return { ...own, turn: null, mustLook: true };
  const version = enrollment === null ? undefined : versions.get(enrollment.versionId);
  let mustLook = false;
  if (enrollment !== null && version !== undefined) {
    const move = moveOf({ ...facts, enrollment }, agreement, pinned(version), appraisal, at);
    mustLook = move.kind !== 'wait' || isSooner(move.until, enrollment.wakeAt);
  } else if (facts.escalation === null) {
    mustLook = decideIdle(facts, agreement, at).move.kind === 'enroll';
  }
  const { armed } = appraisal;
  return {
    lead: lead.id,
    turn: { judgement: { facts, appraisal, armed, at } },
    mustLook,
    hasChanged: appraisal.score.grade !== lead.grade,
    crosses: loaded.lead.crossing === null && crossingAfter(facts, appraisal, armed) !== null,
  };
}

function isSooner(until: Instant | null, wakeAt: Instant | null): boolean {
  return until !== null && (wakeAt === null || until < wakeAt);
}
