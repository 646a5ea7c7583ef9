import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { Prisma } from '../../../prisma/generated/client.ts';
import { Engine } from '../../../engine/engine.ts';
import type { MailGateway } from '../../../mail/gateway.ts';
import type { Database, Session } from '../../../store/database.ts';
import type { Edge, Effect, Order, Said } from './edges.ts';

/** What a process acts on. */
interface Outside {
  database: Database;
  engine: Engine;
  gateway: Pick<MailGateway, 'send'>;
}

let ordered: Edge | null = null;
let letGo: (() => void) | null = null;

process.on('message', (order: Order) => {
  if ('hold' in order) ordered = order.hold;
  else letGo?.();
});

/** Holds whoever comes here first after it was ordered, until the order to let go. */
async function at(effect: Effect, phase: Edge['phase']): Promise<void> {
  if (ordered?.effect !== effect || ordered.phase !== phase) return;
  ordered = null;
  const released = new Promise<void>(resolve => (letGo = resolve));
  process.send?.({ held: { effect, phase } } satisfies Said);
  await released;
}

async function through<T>(effect: Effect, work: () => Promise<T>): Promise<T> {
  await at(effect, 'before');
  const working = work();
  // Its fate is told to whoever asked for it, also when it is decided while they are held here.
  working.catch(() => undefined);
  await turnOfLoop();
  await at(effect, 'during');
  const result = await working;
  await at(effect, 'after');
  return result;
}

/** Statements by what they alone hold. */
const statements: readonly [Effect, string][] = [
  ['claim a send', 'INSERT INTO send '],
  ['settle a send', 'RETURNING enrollment_id, lead_id'],
  ['apply turns', 'INSERT INTO open_slot'],
  ['store events', 'INSERT INTO event '],
  ['look for what fell between', 'WHERE l.revision > l.seen_revision'],
];

function watchDatabase(database: Database): Database {
  const watched = <T>(query: Prisma.Sql, run: () => Promise<T>): Promise<T> => {
    const effect = statements.find(([, text]) => query.text.includes(text))?.[0];
    return effect === undefined ? run() : through(effect, run);
  };
  const own = {
    $queryRaw: (query: Prisma.Sql) => watched(query, () => database.$queryRaw(query)),
    $executeRaw: (query: Prisma.Sql) => watched(query, () => database.$executeRaw(query)),
    transaction: <T>(work: (session: Session) => Promise<T>, limits?: { timeout: number }) =>
      through('commit a transaction', () => database.transaction(work, limits)),
  };
  const watching: unknown = Object.create(database, Object.getOwnPropertyDescriptors(own));
  return watching as Database;
}

class WatchedEngine extends Engine {
  override nurture(...given: Parameters<Engine['nurture']>): Promise<void> {
    return through('start a nurture', () => super.nurture(...given));
  }

  override escalation(...given: Parameters<Engine['escalation']>): Promise<void> {
    return through('start an escalation', () => super.escalation(...given));
  }

  override importIntake(...given: Parameters<Engine['importIntake']>): Promise<void> {
    return through('start an import', () => super.importIntake(...given));
  }

  override nudge(...given: Parameters<Engine['nudge']>): Promise<void> {
    return through('nudge', () => super.nudge(...given));
  }
}

/** What a process acts on, with somebody who can hold it at every edge. It does what it did before. */
export function watch<Parts extends Partial<Outside>>(parts: Parts): Parts {
  const { database, engine, gateway } = parts;
  return {
    ...parts,
    ...(database && { database: watchDatabase(database) }),
    ...(engine && { engine: new WatchedEngine(engine.client) }),
    ...(gateway && {
      gateway: {
        send: (mail: Parameters<MailGateway['send']>[0]) =>
          through('call the provider', () => gateway.send(mail)),
      },
    }),
  };
}
