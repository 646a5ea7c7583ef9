import { nameAt } from '../domain/sequence/flow.ts';
import { sql, type Session } from './database.ts';
import { versionByNumber } from './sequence-version.ts';

/** Enrollments in a version of a sequence. */
export interface UnderWay {
  version: number;
  /** Ever begun in it, or moved to it. */
  ever: number;
  open: number;
  /** Open ones by the step that they stand at, in the order of the plan. */
  steps: { step: string; open: number }[];
}

/** Who is under way in a sequence, version by version, the newest first; also in those where nobody is. */
export async function underWay(session: Session, name: string): Promise<UnderWay[]> {
  const rows = await session.$queryRaw<
    { version: number; cursor: number | null; open: number; ever: number }[]
  >(sql`
    SELECT v.version, CASE WHEN e.ended_at IS NULL THEN e.cursor END AS cursor,
      count(*) FILTER (WHERE e.id IS NOT NULL AND e.ended_at IS NULL)::int AS open, count(e.id)::int AS ever
    FROM sequence_version v LEFT JOIN enrollment e ON e.version_id = v.id
    WHERE v.name = ${name} GROUP BY 1, 2 ORDER BY 1 DESC, 2`);
  const versions = [...new Set(rows.map(({ version }) => version))];
  return Promise.all(
    versions.map(async version => {
      const own = rows.filter(row => row.version === version);
      const standing = own.filter(({ open }) => open > 0);
      const plan =
        standing.length === 0
          ? []
          : ((await versionByNumber(session, name, version))?.content.plan ?? []);
      const steps = new Map<string, number>();
      for (const { cursor, open } of standing) {
        const step = nameAt(plan, cursor ?? 0);
        steps.set(step, (steps.get(step) ?? 0) + open);
      }
      return {
        version,
        ever: own.reduce((sum, { ever }) => sum + ever, 0),
        open: own.reduce((sum, { open }) => sum + open, 0),
        steps: [...steps].map(([step, open]) => ({ step, open })),
      };
    }),
  );
}

/** How many enrollments are open in each sequence. */
export async function openBySequence(session: Session): Promise<Map<string, number>> {
  const rows = await session.$queryRaw<{ name: string; open: number }[]>(sql`
    SELECT v.name, count(*)::int AS open
    FROM open_slot o JOIN enrollment e ON e.id = o.enrollment_id JOIN sequence_version v ON v.id = e.version_id
    GROUP BY v.name`);
  return new Map(rows.map(({ name, open }) => [name, open]));
}
