import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { signedHeaders } from '../../sandbox/sendgrid/signature.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { startApp, type App } from '../app.ts';
import { theAgreement } from '../domain/facts.ts';
import { stepsOf } from '../nurtured.ts';
import { aLead, aSequence, bestFit, enrollmentOf, settled, takeIn } from '../program.ts';

// What happens at the same time happens in real time.
let app: App;
let folder: string;
beforeAll(async () => {
  app = await startApp('now');
  folder = await mkdtemp(join(tmpdir(), 'lockstep-storm-'));
  await aSequence(
    app,
    'c-nurture',
    'goal: t\nowner: n\nwindow: always\nsteps:\n' +
      '  - { mail: one, subject: s, preheader: p }\n  - wait: 1s\n' +
      '  - { mail: two, subject: s, preheader: p }\n  - wait: 30d\n',
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.stop();
});

const times = <T>(count: number, of: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => of(n));
/** At least half of the items, in another order; the same for the same seed. */
const mixed = <T>(items: readonly T[], seed: number): T[] => {
  const some = fc.shuffledSubarray([...items], { minLength: Math.ceil(items.length / 2) });
  return fc.sample(some, { numRuns: 1, seed })[0] ?? [];
};

async function post(path: string, headers: Record<string, string>, body: string): Promise<number> {
  const url = `${app.config.http.publicUrl}${path}`;
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

/** A post of the provider. */
function tell(events: readonly object[]): Promise<number> {
  const body = JSON.stringify(events);
  return post('/webhooks/sendgrid', signedHeaders(app.privateKey, app.clock.now(), body), body);
}

/** A post of your own site. */
function report(
  events: readonly { id: string; type: string; email: string; name: string }[],
): Promise<number> {
  const authorization = `Bearer ${app.config.apiKey}`;
  const body = events.map(({ id, type, email, name }) => ({
    specversion: '1.0',
    id,
    source: 'site',
    type,
    data: { email, name },
  }));
  return post(
    '/v1/events',
    { 'content-type': 'application/json', authorization },
    JSON.stringify(body),
  );
}

let files = 0;

/** A file brought in and taken in, as the command line does it. */
async function bringIn(addresses: readonly string[], title: string): Promise<void> {
  const path = join(folder, `${(files += 1)}.csv`);
  await writeFile(path, ['Email,Title', ...addresses.map(of => `${of},${title}`)].join('\n'));
  const options = {
    path,
    source: 'storm',
    cost: null,
    map: [],
    dryRun: false,
    onProgress: () => undefined,
  };
  const { importId } = await importLeads(app.database, theAgreement(), options, app.clock.now());
  await app.engine.importIntake(importId, { shift: 0, again: true });
}

async function addressOf(id: LeadId): Promise<string> {
  return (await app.database.lead.findUniqueOrThrow({ where: { id } })).address ?? '';
}

/** What the provider tells of an address, each with a key of its own. */
function told(email: string, prefix: string): object[] {
  const timestamp = Math.floor(app.clock.now() / 1000);
  return times(12, n => ({
    email,
    timestamp: timestamp - n,
    event: n % 3 === 0 ? 'click' : 'open',
    url: `https://site.example/${n}`,
    sg_event_id: `${prefix}/${n}`,
  }));
}

describe('everything at once', () => {
  it('to one lead: mails, clicks, visits, files, ops and leaving; after leaving nothing is sent', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    const email = await addressOf(lead);
    const events = told(email, lead);
    const nurture = app.client.workflow.getHandle(`nurture/${(await enrollmentOf(app, lead)).id}`);
    const statuses = times(24, n => tell(mixed(events, n)));
    const visits = times(8, n =>
      report([{ id: `${lead}/${n % 4}`, type: 'page', email, name: `/${n % 4}` }]),
    );
    const imports = times(3, n => bringIn([email], `Plant Manager ${n}`));
    const verbs = (['pause', 'resume', 'pause', 'resume'] as const).map(verb =>
      nurture.signal(verb),
    );
    const departures = times(4, () => fetch(app.links.unsubscribe(lead), { method: 'POST' }));
    const [left] = await Promise.all([
      Promise.all(departures).then(answers => {
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        return Date.now();
      }),
      ...imports,
      ...verbs,
    ]);
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([204]));
    expect(new Set(await Promise.all(visits))).toEqual(new Set([202]));
    await settled(app, lead);

    const row = await app.database.lead.findUniqueOrThrow({
      where: { id: lead },
      include: { enrollments: true, escalations: true, slot: true, sends: true, events: true },
    });
    expect([row.enrollments.length, row.escalations.length, row.slot]).toEqual([1, 0, null]);
    expect(row.enrollments).toMatchObject([{ endReason: 'suppressed' }]);
    // The row is closed a moment before its workflow is.
    await nurture.result();
    expect((await nurture.describe()).status.name).toBe('COMPLETED');
    const kinds = row.events.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter(each => each === kind).length;
    expect([count('click'), count('open'), count('page'), count('unsubscribe')]).toEqual([
      4, 8, 4, 1,
    ]);
    expect(row.sends.filter(({ attemptedAt }) => attemptedAt.getTime() > left)).toEqual([]);
    const steps = await stepsOf(app, lead);
    expect(steps.toSorted()).toEqual(row.sends.map(({ stepKey }) => stepKey).toSorted());
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('to people whom nobody knew: each becomes one lead, in one thing, with one rep if it asks for one', async () => {
    const people = times(6, n => `stranger-${n}@strange-${n % 2}.example`);
    const asking = people.slice(0, 3);
    const forms = people.map(email => ({
      id: `form/${email}`,
      type: 'form',
      email,
      name: asking.includes(email) ? 'Book a demo' : 'Newsletter',
    }));
    const clicks = people.flatMap(email => told(email, email));
    const [reports, posts] = await Promise.all([
      Promise.all(times(12, n => report(mixed(forms, n)))),
      Promise.all(times(12, n => tell(mixed(clicks, n)))),
      ...times(3, n => bringIn(mixed(people, n), 'Plant Manager')),
    ]);
    expect(new Set([...reports, ...posts])).toEqual(new Set([202, 204]));
    const leads = await app.database.lead.findMany({ where: { address: { in: people } } });
    expect(leads.map(({ address }) => address).toSorted()).toEqual(people.toSorted());
    for (const { id } of leads) await settled(app, id as LeadId);
    const rows = await app.database.lead.findMany({
      where: { address: { in: people } },
      include: { events: true, slot: true, enrollments: true, escalations: true },
    });
    for (const { address, events, slot, enrollments, escalations } of rows) {
      expect(events.filter(({ kind }) => kind === 'form')).toHaveLength(1);
      expect(enrollments.length).toBeLessThanOrEqual(1);
      expect(escalations).toHaveLength(asking.includes(address ?? '') ? 1 : 0);
      const open = [...enrollments, ...escalations].filter(({ endedAt }) => endedAt === null);
      // Whose click is still held is in nothing yet.
      expect(open.map(({ id }) => id)).toEqual(
        slot === null ? [] : [slot.enrollmentId ?? slot.escalationId],
      );
    }
  });
});
