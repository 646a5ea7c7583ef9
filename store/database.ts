import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { v7 } from 'uuid';
import { Prisma, PrismaClient } from '../prisma/generated/client.ts';

/** A connection pool, or one open transaction of it: everything that can run a statement. */
export type Session = Prisma.TransactionClient;

export interface Database extends Session {
  /**
   * Runs `work` in one transaction and commits; rolls back what it did when it throws. Of two that wait for
   * each other PostgreSQL ends one, and `work` is then done again; so it is when a lead was merged under it.
   * @param limits `timeout` in milliseconds, for work that takes longer than 15 s
   */
  transaction: <T>(
    work: (session: Session) => Promise<T>,
    limits?: { timeout: number },
  ) => Promise<T>;
  close: () => Promise<void>;
}

/** A name for each statement, so that a connection has it prepared once and planned once. */
function statementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return text => {
    let name = names.get(text);
    if (name === undefined) {
      name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
      names.set(text, name);
    }
    return name;
  };
}

/** How long is waited for a database, in milliseconds; 0 is for as long as it takes. */
export interface Patience {
  /** For a connection: one that is free, or a new one. */
  connectionMs: number;
  /** For the answer to a statement. What becomes of the statement is not known then. */
  answerMs: number;
}

/**
 * Opens a pool on a database.
 * @param connections how many statements may run at once
 */
export function openDatabase(
  url: string,
  connections = 10,
  patience: Patience = { connectionMs: 0, answerMs: 0 },
): Database {
  const nameOf = statementNames();
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patience.connectionMs,
    query_timeout: patience.answerMs,
  });
  // A connection that ends while nobody uses it is replaced; whoever uses one is told by its statement, and
  // a transaction that is between two of them by its next.
  pool.on('error', () => undefined);
  pool.on('connect', connection => connection.on('error', () => undefined));
  const adapter = new PrismaPg(pool, {
    statementNameGenerator: ({ sql: text }) => nameOf(text),
    onConnectionError: () => undefined,
  });
  const client = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: 10_000, timeout: 15_000 },
  });
  // Statements that are written out go to the driver directly: half of what they cost otherwise is spent on
  // the way through Prisma. Those of a transaction go through Prisma, which holds its connection.
  const run = ({ text, values }: Prisma.Sql) =>
    pool.query<pg.QueryResultRow>({ name: nameOf(text), text, values });
  const own = {
    $queryRaw: async (query: Prisma.Sql) => (await run(query)).rows,
    $executeRaw: async (query: Prisma.Sql) => (await run(query)).rowCount ?? 0,
    transaction: <T>(work: (session: Session) => Promise<T>, limits?: { timeout: number }) =>
      unlessDeadlocked(() => client.$transaction(work, limits)),
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
  // Not set on the client itself, because the sessions of its transactions inherit from it.
  const database: unknown = Object.create(client, Object.getOwnPropertyDescriptors(own));
  return database as Database;
}

/** What a piece of work rests on is another by now, and it holds what others wait for: it is to be done again, from its beginning. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

const attempts = 5;
/** Of two that wait for each other one is ended; and what rests on a lead that was merged meanwhile is refused. */
const overtaken: readonly (string | null)[] = ['40P01', '40001'];

/** Does a piece of work again that was ended so that another, which it waited for, could go on; or that it overtook. */
export async function unlessDeadlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isAgain = error instanceof OvertakenError || overtaken.includes(sqlState(error));
      if (!isAgain || attempt === attempts) throw error;
    }
  }
}

/** A new opaque id; ids made later sort after it (UUIDv7). */
export function newId<Id extends string>(): Id {
  return v7() as Id;
}

/** The SQLSTATE of a failed statement, such as `23505`, or null when something else failed. */
export function sqlState(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const meta = error.meta as
    { code?: string; driverAdapterError?: { cause?: { originalCode?: string } } } | undefined;
  return meta?.driverAdapterError?.cause?.originalCode ?? meta?.code ?? null;
}

/** What a statement fails with on a connection that could not be had, was lost, or was silent for too long. */
const lost = {
  /** Of Node and of Prisma. */
  codes:
    /^(ECONN|ETIMEDOUT|EPIPE|EHOST|ENET|ENOTFOUND|EAI_|P1001|P1002|P1008|P1017|P2024|P2028|P2037)/,
  /** Of the driver, which gives some no code. */
  messages:
    /^(Connection terminated|timeout exceeded when trying|Query read timeout|Client has enc)/,
};

/**
 * Whether a statement failed because the database is not there, is stopping, or had no place for it, and may
 * succeed later as it is.
 */
export function isAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return /^(08|40|53|55P03|57)/.test(state);
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return lost.codes.test(String(code)) || lost.messages.test(error.message);
}

/** Whether the database answers. */
export async function isThere(database: Session): Promise<boolean> {
  return database.$queryRaw(sql`SELECT 1`).then(
    () => true,
    () => false,
  );
}

export const sql = Prisma.sql;
export const json = (value: unknown): string => JSON.stringify(value);
