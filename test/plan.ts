import pg from 'pg';
import { vi } from 'vitest';
import type { Database, Session } from '../store/database.ts';

/** A statement as it was sent, with what it was given. */
export interface Statement {
  text: string;
  values: unknown[];
}

/** How PostgreSQL carries a statement out: for these values, or once for all of them. */
export type PlanMode = 'force_custom_plan' | 'force_generic_plan';

/** What one statement came to. */
export interface Execution {
  /** Tables that were read from end to end. */
  scanned: string[];
  /** Rows that were looked at in each table, found or thrown away. */
  rows: ReadonlyMap<string, number>;
  /** Pages that were touched, in 8 kB. */
  pages: number;
  /** The plan in words, for whoever reads a failure. */
  outline: string;
}

class TakenBack extends Error {}

/**
 * Every statement that a piece of work sends, caught where the driver sends it; Prisma's own too.
 * What the work does is taken back.
 */
export async function sentBy(
  database: Database,
  work: (database: Database) => Promise<unknown>,
): Promise<Statement[]> {
  const sent: Statement[] = [];
  // The driver is only listened to: whatever is sent is sent.
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await database.transaction(async session => {
      spy.mockClear();
      await work(within(session));
      for (const [query] of spy.mock.calls as unknown[][]) {
        const { text, values } = query as { text: string; values?: unknown[] };
        sent.push({ text, values: values ?? [] });
      }
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  } finally {
    spy.mockRestore();
  }
  return sent;
}

/** An open transaction as a database, for work that wants to begin its own. */
function within(session: Session): Database {
  const own: Partial<Database> = {
    transaction: work => work(session),
    close: async () => undefined,
  };
  return Object.assign(Object.create(session) as Database, own);
}

/** Carries statements out again, one after the other, and says how; then takes back what they did. */
export async function explain(
  databaseUrl: string,
  statements: readonly Statement[],
  mode: PlanMode,
): Promise<Execution[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL plan_cache_mode = ${mode}`);
    const executions: Execution[] = [];
    for (const { text, values } of statements) {
      // Only what is prepared can be planned once for all values.
      await client.query(`PREPARE statement AS ${text}`);
      const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`;
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE statement${given}`,
      );
      await client.query('DEALLOCATE statement');
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan === undefined) throw new Error(`There is no plan of: ${text}`);
      executions.push(executionOf(text, mode, plan));
    }
    await client.query('ROLLBACK');
    return executions;
  } finally {
    await client.end();
  }
}

/** A value as it is written in a statement. PostgreSQL finds its type by where it stands. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (!Array.isArray(value)) return pg.escapeLiteral(textOf(value));
  const items = value.map(item => `"${textOf(item).replaceAll(/["\\]/g, '\\$&')}"`);
  return pg.escapeLiteral(`{${items.join(',')}}`);
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The part of PostgreSQL's description of a plan that is read here. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

function executionOf(text: string, mode: PlanMode, root: PlanNode): Execution {
  const nodes = everyNode(root, 0);
  const rows = new Map<string, number>();
  const scanned = new Set<string>();
  for (const { node } of nodes) {
    const { 'Node Type': type, 'Relation Name': table, 'Actual Loops': loops } = node;
    if (table === undefined || !type.endsWith(' Scan') || loops === 0) continue;
    rows.set(table, (rows.get(table) ?? 0) + rowsOf(node));
    if (type === 'Seq Scan') scanned.add(table);
  }
  return {
    scanned: [...scanned],
    rows,
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    outline: [
      `${mode}: ${text.trim().replaceAll(/\s+/g, ' ')}`,
      ...nodes.map(({ node, depth }) => `${'  '.repeat(depth)}${describe(node)}`),
    ].join('\n'),
  };
}

function rowsOf(node: PlanNode): number {
  const { 'Actual Rows': found, 'Actual Loops': loops } = node;
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': other = 0 } =
    node;
  return Math.round((found + filtered + other) * loops);
}

function describe(node: PlanNode): string {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index = '' } = node;
  return `${type} ${table} ${index}: ${rowsOf(node)} rows in ${node['Actual Loops']} loops`;
}

function everyNode(node: PlanNode, depth: number): { node: PlanNode; depth: number }[] {
  return [{ node, depth }, ...(node.Plans ?? []).flatMap(part => everyNode(part, depth + 1))];
}
