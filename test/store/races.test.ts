import { EventEmitter, once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import type { ArrivedEvent } from '../../store/event.ts';
import type { Address } from '../../domain/lead/address.ts';
import { sqlState } from '../../store/database.ts';
import { addressHash as hashOf } from '../../store/suppression.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aRow, bringIn, WebProcess, WorkerProcess } from '../processes.ts';
import { address, aLead, anArrival } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
// Two HTTP processes, two workers and a command line, each on connections of its own.
let test: TestDatabase;
let web: readonly [WebProcess, WebProcess];
let workers: readonly [WorkerProcess, WorkerProcess];
beforeAll(async () => {
  test = await createDatabase(10);
  web = [new WebProcess(test.url, 15, at), new WebProcess(test.url, 15, at)];
  workers = [new WorkerProcess(test.url, 15, at), new WorkerProcess(test.url, 15, at)];
});
afterAll(async () => {
  await Promise.all([...web, ...workers].map(process => process.close()));
  await test.drop();
});

type Task = () => Promise<unknown>;

const times = <T>(count: number, of: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => of(n));
const either = <T>([even, odd]: readonly [T, T], n: number): T => (n % 2 === 0 ? even : odd);
/** At least so many of the items, in another order; the same for the same seed. */
const mixed = <T>(items: readonly T[], seed: number, minLength = items.length): T[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength }), { numRuns: 1, seed })[0] ?? [];

/** Does everything at once. @returns what went wrong, for whoever it went wrong for */
async function atOnce(tasks: readonly Task[], seed: number): Promise<string[]> {
  const results = await Promise.allSettled(mixed(tasks, seed).map(task => task()));
  return results
    .filter(result => result.status === 'rejected')
    .map(({ reason }) => sqlState(reason) ?? String(reason));
}

/** A lead that is in nurture. */
async function aNurturedLead(): Promise<LeadId> {
  const lead = await aLead({ database: test.database, clock: { now: () => at, shift: () => 0 } });
  await workers[0].turn(lead);
  return lead;
}

async function addressOf(id: LeadId): Promise<Address> {
  const row = await test.database.lead.findUniqueOrThrow({ where: { id } });
  return address(row.address ?? '');
}

/** What happens to a few leads, as it goes on. */
class Story {
  readonly leads: readonly LeadId[];
  readonly addresses: readonly Address[];
  /** What the provider and the site tell of them, in more posts than one. */
  readonly events: readonly ArrivedEvent[];
  readonly #left = new Set<LeadId>();
  readonly #mails = new EventEmitter();
  #sent = 0;

  constructor(leads: readonly LeadId[], addresses: readonly Address[]) {
    this.leads = leads;
    this.addresses = addresses;
    this.events = leads.flatMap(lead =>
      (['page', 'click', 'download', 'open', 'webinar'] as const).map(kind =>
        anArrival(lead, { kind, at }),
      ),
    );
  }

  tasks(): Task[] {
    return [
      ...this.#posts(),
      ...this.#introductions(),
      ...this.#turns(),
      ...this.#deliveries(),
      ...this.#departures(),
    ];
  }

  #posts(): Task[] {
    const least = Math.ceil(this.events.length / 2);
    return times(40, n => () => either(web, n).post(mixed(this.events, n, least)));
  }

  /** The same people, told of by the site and by files. */
  #introductions(): Task[] {
    const row = (of: Address, n: number) =>
      aRow(of, {
        fields: { ...noFields, region: `region ${n}` },
        conversions: [{ name: `Guide ${n % 3}`, at }],
      });
    return times(8, n => [
      () => either(web, n).tell(mixed(this.addresses, n), `Question ${n}`),
      () =>
        bringIn(
          test.database,
          mixed(this.addresses, n).map(of => row(of, n)),
          at,
        ),
    ]).flat();
  }

  #turns(): Task[] {
    return this.leads.flatMap(lead => times(12, n => () => either(workers, n).turn(lead)));
  }

  /** Mails, of which the provider tells before it is noted what it answered. */
  #deliveries(): Task[] {
    return this.leads.flatMap(lead =>
      times(12, n => async () => {
        const hadLeft = this.#left.has(lead);
        const wasSent = await either(workers, n).deliver(lead, `mail-${n}`, id => {
          const of = (kind: 'processed' | 'click') => anArrival(lead, { kind, sendId: id, at });
          return either(web, n).post([of('processed'), of('click')]);
        });
        if (wasSent && hadLeft) throw new Error('Somebody who had left was mailed.');
        if (wasSent) this.#sent += 1;
        if (this.#sent >= 2 * this.leads.length) this.#mails.emit('some are out');
      }),
    );
  }

  /** They leave when some mails are out and others under way. */
  #departures(): Task[] {
    const someAreOut = once(this.#mails, 'some are out');
    return this.leads.flatMap(lead =>
      times(3, n => async () => {
        await someAreOut;
        await either(web, n).leave(lead);
        this.#left.add(lead);
      }),
    );
  }
}

async function aStory(leads: number): Promise<Story> {
  const ids = await Promise.all(times(leads, aNurturedLead));
  return new Story(ids, await Promise.all(ids.map(addressOf)));
}

/** What must be true of the leads of a story, whatever happened in which order. */
async function expectOrder({ leads, addresses, events }: Story): Promise<void> {
  const { database } = test;
  expect(await database.lead.count({ where: { address: { in: [...addresses] } } })).toBe(
    leads.length,
  );
  const hashes = events.map(({ naturalHash }) => naturalHash);
  expect(await database.event.count({ where: { naturalHash: { in: hashes } } })).toBe(
    hashes.length,
  );
  for (const id of leads) {
    await workers[0].turn(id);
    const lead = await database.lead.findUniqueOrThrow({
      where: { id },
      include: { slot: true, enrollments: true, escalations: true, sends: true, events: true },
    });
    expect(lead.seenRevision).toBe(lead.revision);
    expect(lead.enrollments).toHaveLength(1);
    const open = [...lead.enrollments, ...lead.escalations].filter(row => row.endedAt === null);
    const slot = lead.slot?.enrollmentId ?? lead.slot?.escalationId;
    expect(open.map(row => row.id)).toEqual(slot === undefined ? [] : [slot]);
    const count = (kind: string) => lead.events.filter(event => event.kind === kind).length;
    // Eight questions; a post's download and three of the files'; leaving three times is leaving once.
    expect([count('form'), count('download'), count('unsubscribe')]).toEqual([8, 1 + 3, 1]);
    const addressHash = hashOf(await addressOf(id));
    expect(await database.suppression.count({ where: { addressHash } })).toBe(1);
    expect(lead.sends.map(({ state }) => state)).toEqual(lead.sends.map(() => 'accepted'));
    expect(count('processed')).toBe(lead.sends.length);
  }
}

describe('of all that happens at once', () => {
  it.each([1, 2, 3])('to one lead nothing is refused, lost or done twice (%i)', async seed => {
    const story = await aStory(1);
    expect(await atOnce(story.tasks(), seed)).toEqual([]);
    await expectOrder(story);
  });

  it('to a handful of leads that share posts and files nothing is refused, lost or done twice', async () => {
    const story = await aStory(6);
    expect(await atOnce(story.tasks(), 4)).toEqual([]);
    await expectOrder(story);
  });
});
