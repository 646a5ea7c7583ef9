import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Holds locks from a connection of its own, until it is told to let go. */
export async function hold(databaseUrl: string, ...statements: string[]) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  for (const statement of statements) await client.query(statement);
  return {
    /** Waits until so many statements wait for a lock. */
    untilWaiting: async (count: number): Promise<void> => {
      for (;;) {
        // Within a transaction PostgreSQL shows what it showed before.
        await client.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await client.query<{ waiting: number }>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        if ((rows[0]?.waiting ?? 0) >= count) return;
        await sleep(20);
      }
    },
    release: async (): Promise<void> => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** A line to a server that can be cut, or fall silent. */
export async function layWire(to: { host: string; port: number }) {
  const ends = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  const server = createServer(near => {
    if (isCut) return near.destroy();
    const far = connect(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('data', chunk => {
        if (!isSilent) other.write(chunk);
      });
      one.on('error', () => undefined);
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
    }
    return undefined;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const hangUp = () => {
    for (const end of ends) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    /** Nobody gets through, and whoever did is cut off. */
    cut: () => {
      isCut = true;
      hangUp();
    },
    /** Nothing is said any more, and nobody is told. */
    silence: () => {
      isSilent = true;
    },
    mend: () => {
      isCut = false;
      isSilent = false;
      hangUp();
    },
    remove: () => {
      hangUp();
      server.close();
    },
  };
}
