import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { v7 } from 'uuid';
import { Prisma, PrismaClient } from '../prisma/generated/client.ts';

/** A connection pool, or one open transaction of it: everything that can run a statement. */
export type Session = Prisma.TransactionClient;

export interface Database extends Session {
  /**
   * Runs `work` in one transaction and commits; rolls back what it did when it throws. Of two that wait for
   * each other PostgreSQL ends one, and `work` is then done again.
   * @param limits `timeout` in milliseconds, for work that takes longer than 15 s
   */
  transaction: <T>(
    work: (session: Session) => Promise<T>,
    limits?: { timeout: number },
  ) => Promise<T>;
  close: () => Promise<void>;
}

/** Prisma prepares a statement under this name once a connection and plans it once; its own default never does. */
function statementName(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    let name = names.get(sql);
    if (name === undefined) {
      name = createHash('sha256').update(sql).digest('base64url').slice(0, 24);
      names.set(sql, name);
    }
    return name;
  };
}

/**
 * Opens a pool on a database.
 * @param connections how many statements may run at once
 */
export function openDatabase(url: string, connections = 10): Database {
  const adapter = new PrismaPg(
    { connectionString: url, max: connections },
    { statementNameGenerator: statementName() },
  );
  const client = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: 10_000, timeout: 15_000 },
  });
  return Object.assign(client, {
    transaction: <T>(work: (session: Session) => Promise<T>, limits?: { timeout: number }) =>
      unlessDeadlocked(() => client.$transaction(work, limits)),
    close: () => client.$disconnect(),
  });
}

const attempts = 5;
const deadlock = '40P01';

/** Does a piece of work again that was ended so that another, which it waited for, could go on. */
export async function unlessDeadlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (sqlState(error) !== deadlock || attempt === attempts) throw error;
    }
  }
}

/** A new opaque id; ids made later sort after it (UUIDv7). */
export function newId<Id extends string>(): Id {
  return v7() as Id;
}

/** The SQLSTATE of a failed statement, such as `23505`, or null when something else failed. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const meta = error.meta as
    { code?: string; driverAdapterError?: { cause?: { originalCode?: string } } } | undefined;
  return meta?.driverAdapterError?.cause?.originalCode ?? meta?.code ?? null;
}

export const sql = Prisma.sql;
export const json = (value: unknown): string => JSON.stringify(value);
