import type { Prisma } from '../prisma/generated/client.ts';
import type { Engagement } from '../domain/event/event.ts';
import { scannerClicks } from '../domain/event/human.ts';
import type { LeadId, VersionId } from '../domain/ids.ts';
import { day, plus, type Instant } from '../domain/instant.ts';
import {
  comparisonOf,
  splitResult,
  type Comparison,
  type Measure,
  type SplitResult,
  type VariantTally,
} from '../domain/review/variant-results.ts';
import { splitContent, splitsOf, type Split } from '../domain/sequence/splits.ts';
import { sql, type Session } from './database.ts';
import type { SequenceContent } from './sequence-version.ts';
import { engagement, handedOver } from './step-results.ts';

/** What is asked of a sequence's splits; what is left out is usual for each (`comparisonOf`). */
export interface SplitQuestion {
  /** One split alone. */
  split?: string | undefined;
  measure?: Measure | undefined;
  withinDays?: number | undefined;
}

/** A split's result, with the versions whose leads are in it: those that try the very same. */
export interface StoredSplitResult extends SplitResult {
  versions: number[];
}

/**
 * What the variants of each split of the published version brought. A lead counts for the variant that first fell to
 * it, once, also when it came again or was merged; and what it did counts whether or not its mail ever left.
 * @returns null when the sequence is not published
 */
export async function splitResults(
  session: Session,
  name: string,
  { split: only, ...asked }: SplitQuestion,
  at: Instant,
): Promise<StoredSplitResult[] | null> {
  const current = await session.sequence.findUnique({
    where: { name },
    include: { current: true },
  });
  if (current === null) return null;
  const content = contentOf(current.current);
  const splits = splitsOf(content.plan).filter(({ split }) => only === undefined || split === only);
  if (splits.length === 0) return [];
  const rows = await session.sequenceVersion.findMany({
    where: { name },
    orderBy: { version: 'asc' },
  });
  const results: StoredSplitResult[] = [];
  for (const split of splits) {
    const wanted = splitContent(content, split);
    const same = rows.filter(row => {
      const other = contentOf(row);
      const own = splitsOf(other.plan).find(each => each.split === split.split);
      return own !== undefined && splitContent(other, own) === wanted;
    });
    const comparison = comparisonOf(split, asked);
    const ids = same.map(({ id }) => id as VersionId);
    const tallies = await talliesOf(session, name, split, ids, comparison, at);
    const result = splitResult(split, comparison, tallies);
    results.push({ ...result, versions: same.map(({ version }) => version) });
  }
  return results;
}

function contentOf({ content }: { content: unknown }): SequenceContent {
  return content as SequenceContent;
}

async function talliesOf(
  session: Session,
  name: string,
  split: Split,
  versions: readonly VersionId[],
  { measure, withinDays, settledDays }: Comparison,
  at: Instant,
): Promise<VariantTally[]> {
  const fell = exposures(name, split.split, versions, plus(at, -settledDays * day));
  const tallies = async (reached: Prisma.Sql) =>
    session.$queryRaw<VariantTally[]>(sql`
      WITH ${fell}
      SELECT f.variant, count(*)::int AS exposed, (count(*) FILTER (WHERE f.settled))::int AS settled,
        (count(*) FILTER (WHERE f.settled AND ${reached}))::int AS reached
      FROM f GROUP BY f.variant`);
  const mail = mailsOf(split, withinDays);
  switch (measure) {
    case 'clicked': {
      const clicked = await peopleWhoClicked(session, fell, mail, withinDays, at);
      return (await tallies(sql`false`)).map(tally => ({
        ...tally,
        reached: clicked.get(tally.variant)?.size ?? 0,
      }));
    }
    case 'replied':
      return tallies(
        sql`EXISTS (SELECT FROM ${mail} AND v.kind = 'reply' AND v.at <= ${end(withinDays)})`,
      );
    case 'escalated':
      return tallies(sql`(SELECT h.escalated FROM (${handed(withinDays)}) h)`);
    case 'accepted':
      return tallies(sql`(SELECT h.accepted FROM (${handed(withinDays)}) h)`);
    case 'won':
      return tallies(sql`(SELECT h.won FROM (${handed(withinDays)}) h)`);
    default:
      return measure satisfies never;
  }
}

/** Which variant first fell to each lead, as the part `f` of a statement: where that was in one of the versions. */
function exposures(
  name: string,
  split: string,
  versions: readonly VersionId[],
  settledBefore: Instant,
): Prisma.Sql {
  return sql`first AS (
      SELECT DISTINCT ON (coalesce(g.survivor_id, e.lead_id)) coalesce(g.survivor_id, e.lead_id) AS person,
        e.version_id, e.id AS enrollment_id, x.variant, x.at
      FROM sequence_version v JOIN enrollment e ON e.version_id = v.id
      JOIN exposure x ON x.enrollment_id = e.id AND x.split = ${split}
      LEFT JOIN merge g ON g.merged_id = e.lead_id AND g.undone_at IS NULL
      WHERE v.name = ${name}
      ORDER BY coalesce(g.survivor_id, e.lead_id), x.at, e.id),
    f AS (
      SELECT first.*, first.at <= moment(${settledBefore}::bigint) AS settled
      FROM first WHERE version_id = ANY(${[...versions]}::uuid[]))`;
}

const end = (days: number) => sql`f.at + make_interval(secs => ${(days * day) / 1_000})`;
const handed = (days: number) => handedOver(sql`f.person`, sql`f.at`, days);

/** The mails of a split and what happened with them: a variant's own mail, or all that came after a path began. */
function mailsOf({ split, of }: Split, days: number): Prisma.Sql {
  const which =
    of === 'mail' ? sql`s.step_key = ${split}` : sql`s.at >= f.at AND s.at <= ${end(days)}`;
  return sql`send s JOIN event v ON v.send_id = s.id WHERE s.enrollment_id = f.enrollment_id AND ${which}`;
}

interface Clicked {
  variant: string;
  person: LeadId;
  /** After it a click does not count any more. */
  until: Instant;
  event: Engagement;
}

async function peopleWhoClicked(
  session: Session,
  fell: Prisma.Sql,
  mail: Prisma.Sql,
  withinDays: number,
  at: Instant,
): Promise<Map<string, Set<LeadId>>> {
  const rows = await session.$queryRaw<Clicked[]>(sql`
    WITH ${fell}
    SELECT f.variant, f.person, ms(${end(withinDays)})::float8 AS until, told.event
    FROM f CROSS JOIN LATERAL (
      SELECT ${engagement} AS event FROM ${mail} AND v.kind IN ('click', 'delivered')) told
    WHERE f.settled`);
  const isScanner = scannerClicks(rows.map(({ event }) => event));
  const people = new Map<string, Set<LeadId>>();
  for (const { variant, person, until, event } of rows) {
    if (event.kind !== 'click' || isScanner.has(event) || event.at > until) continue;
    if (event.holdUntil !== null && event.holdUntil > at) continue;
    people.set(variant, (people.get(variant) ?? new Set()).add(person));
  }
  return people;
}
