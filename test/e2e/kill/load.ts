import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeadId } from '../../../domain/ids.ts';
import { instant } from '../../../domain/instant.ts';
import { setUp } from '../../../intake/set-up.ts';
import { Links } from '../../../mail/links.ts';
import { activeAgreement } from '../../../store/agreement.ts';
import { naturalHash } from '../../../store/event.ts';
import { mailsEvery, publish, withEndlessRoom } from '../../bench/program.ts';
import type { Fleet } from './fleet.ts';
import type { ImportOrder, Imported } from './importer.ts';
import { agreeOn } from '../../agreed.ts';
import { post, Reps, untilDone, type RepsPromised } from './reps.ts';

/** Mails of the sequence that everybody gets, a few seconds apart. */
export const mails = 5;
const sequence = 'kill';
/** Leads in a file, and how often one is imported, in milliseconds. */
const fileSize = 3;
const everyMs = 1_000;

/** What was promised: whatever was answered with success, by what names it. */
export interface Promised extends RepsPromised {
  /** Addresses of leads whose file was imported. */
  imported: Set<string>;
  /** Addresses that asked for a demo. */
  raised: Set<string>;
  /** Provider keys of events that were taken, as the database stores them. */
  events: Set<string>;
  /** Addresses that left. */
  left: Set<string>;
}

/** Publishes what the load needs: one sequence for everybody, and no cap on mails. */
export async function prepare({ database }: Fleet): Promise<void> {
  const now = instant(Date.now());
  await setUp(database, { agreement: 'agreement', templates: 'templates' }, now);
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('The shipped agreement is not active.');
  const { agreement } = stored;
  await agreeOn(
    database,
    {
      ...withEndlessRoom(agreement),
      segments: [{ name: 'everybody', nurture: { C: sequence, D: sequence } }],
      nurture: { ...agreement.nurture, cap: { mails: 99, days: 1 } },
    },
    now,
  );
  await database.person.updateMany({ data: { capacity: null } });
  await publish(database, sequence, mailsEvery('1s', '2s', mails));
}

/**
 * What goes on while processes die: files are imported, leads get mails, look at pages and ask for demos,
 * strangers do, reps answer. Whatever fails is done again until it is answered with success.
 */
export class Load {
  readonly promised: Promised;
  readonly #reps: Reps;
  readonly #fleet: Fleet;
  readonly #links: Links;
  readonly #stopped = new AbortController();
  readonly #pending = new Set<Promise<void>>();
  #going: Promise<void> | null = null;
  readonly #leaving = new Set<string>();
  #files = 0;
  #importing: Promise<void> = Promise.resolve();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#reps = new Reps(fleet);
    this.promised = {
      ...{ imported: new Set(), raised: new Set(), events: new Set(), left: new Set() },
      ...this.#reps.promised,
    };
    this.#links = new Links(fleet.pages, fleet.env.LOCKSTEP_SECRET ?? '');
  }

  start(): void {
    this.#going = this.#go();
  }

  /** Begins nothing new, and waits until everything that was begun is answered. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#going;
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #go(): Promise<void> {
    const { signal } = this.#stopped;
    for (let n = 1; !signal.aborted; n++) {
      this.#do(this.#import());
      const { imported, raised } = this.promised;
      const older = [...imported].filter(who => !raised.has(who) && !this.#leaving.has(who));
      // Another each time: a lead that looks at many pages crosses the line by that alone.
      const [reader, raiser] = [older[n % older.length], older.at(-fileSize * 2)];
      if (reader !== undefined) this.#do(this.#tell(reader, 'page', '/'));
      if (raiser !== undefined && n % 2 === 0) this.#do(this.#raiseHand(raiser));
      if (n % 4 === 0) this.#do(this.#raiseHand(`stranger-${n}@elsewhere-${n}.example`));
      if (n % 2 === 1) this.#do(this.#reps.act(n >> 1));
      const leaver = older.at(-fileSize);
      if (leaver !== undefined && n % 5 === 0) this.#do(this.#leave(leaver));
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #do(work: Promise<void>): void {
    const pending = work.finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** One file after the other, as a person would import them. */
  #import(): Promise<void> {
    const file = (this.#files += 1);
    const addresses = Array.from({ length: fileSize }, (_, n) => `lead-${n}@file-${file}.example`);
    const rows = addresses.map(address => `${address},Ada,Shift Lead,Manufacturing,500,Germany`);
    this.#importing = this.#importing.then(async () => {
      const path = join(this.#fleet.folder, `leads-${file}.csv`);
      await writeFile(
        path,
        `Email,First Name,Title,Industry,Employees,Country\n${rows.join('\n')}\n`,
      );
      await untilDone(() => this.#importFile(path));
      for (const address of addresses) this.promised.imported.add(address);
    });
    return this.#importing;
  }

  #importFile(path: string): Promise<boolean> {
    const child = this.#fleet.channel('importer');
    return new Promise(resolve => {
      const listen = (message: object) => {
        if (!('path' in message) || message.path !== path) return;
        settle((message as Imported).done);
      };
      const settle = (done: boolean) => {
        child.off('message', listen);
        child.off('exit', cutOff);
        resolve(done);
      };
      const cutOff = () => settle(false);
      child.on('message', listen);
      child.on('exit', cutOff);
      child.send({ path } satisfies ImportOrder, error => {
        if (error !== null) settle(false);
      });
    });
  }

  async #raiseHand(address: string): Promise<void> {
    await this.#tell(address, 'form', 'demo request');
    this.promised.raised.add(address);
  }

  async #tell(address: string, type: string, name: string): Promise<void> {
    const id = randomUUID();
    const fields = { first_name: 'Ada', title: 'Head of Production', employees: 500 };
    const body = JSON.stringify({
      specversion: '1.0',
      id,
      source: 'kill',
      type,
      data: { email: address, name, ...(type === 'form' ? { fields } : {}) },
    });
    await untilDone(() =>
      post(this.#fleet, `${this.#fleet.pages}/v1/events`, 'application/json', body),
    );
    this.promised.events.add(`ce/${naturalHash(`kill\n${id}`)}`);
  }

  /** A lead leaves by the one-click link of a mail. */
  async #leave(address: string): Promise<void> {
    this.#leaving.add(address);
    const { database, pages } = this.#fleet;
    await untilDone(async () => {
      const { id } = await database.lead.findUniqueOrThrow({ where: { address } });
      const { pathname } = new URL(this.#links.unsubscribe(id as LeadId));
      const form = 'application/x-www-form-urlencoded';
      return post(this.#fleet, `${pages}${pathname}`, form, 'List-Unsubscribe=One-Click');
    });
    this.promised.left.add(address);
  }
}
