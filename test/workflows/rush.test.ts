import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { instant, minute, plus } from '../../domain/instant.ts';
import { ingestEvents } from '../../store/event.ts';
import { startApp, type App } from '../app.ts';
import { anArrival, anImport, bestFit, until } from '../program.ts';

/** How many cross at once; `npm run rush` has a thousand of them. */
const leadsAtOnce = inject('rush');
/** What the five of Northwind have room for in a week; Theo only keeps what nobody has room for. */
const room: Readonly<Record<string, number>> = { lena: 12, emil: 12, sophie: 10, daan: 10 };
const sevenMore = 7;

let app: App;
beforeAll(async () => {
  // A Monday, half past nine in Berlin.
  app = await startApp('2026-09-07T07:30:00Z');
});
afterAll(() => app.stop());

/** Leads of all territories of the agreement, who were never looked at. */
async function strangers(): Promise<LeadId[]> {
  const countries = ['DE', 'AT', 'NL', 'DE'];
  const share = leadsAtOnce / countries.length;
  const imports = [];
  for (const [n, country] of countries.entries())
    // Every second country's fit is worse: its hand raises are B.
    imports.push(
      await anImport(app, share, { ...bestFit, country, ...(n % 2 ? { title: 'engineer' } : {}) }),
    );
  return imports.flatMap(({ leads }) => leads);
}

/** Everybody asks for a demo within a minute. */
async function askAtOnce(leads: readonly LeadId[]): Promise<void> {
  const started = app.clock.now();
  const at50 = Array.from({ length: Math.ceil(leads.length / 50) }, (_, n) =>
    leads.slice(n * 50, n * 50 + 50),
  );
  for (const [n, some] of at50.entries()) {
    app.clock.at = plus(started, Math.floor((n * minute) / at50.length));
    const at = app.clock.now();
    const asked = some.map(lead => anArrival(lead, { kind: 'form', subject: 'Book a demo', at }));
    await ingestEvents(app.database, asked, at);
    app.nudger.nudge(some);
  }
  await app.nudger.drain();
}

interface Row {
  id: string;
  lead: string;
  grade: string;
  state: string;
  owner: string;
  isTold: boolean;
  /** What comes first in text is to be placed first. */
  order: string;
}

/** All escalations, the oldest first. */
async function escalations(): Promise<Row[]> {
  const rows = await app.database.escalation.findMany({
    include: { owner: true, assignments: { orderBy: { n: 'desc' }, take: 1 } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, leadId, grade, state, owner, createdAt, turnedAt, assignments }) => ({
    ...{ id, lead: leadId, grade, state, owner: owner.key },
    order: `${grade} ${createdAt.toISOString()}`,
    isTold: state === 'queued' ? turnedAt !== null : assignments[0]?.notifiedAt !== null,
  }));
}

async function when(is: (rows: Row[]) => boolean): Promise<Row[]> {
  for (;;) {
    const rows = await escalations();
    if (is(rows)) return rows;
    await sleep(200);
  }
}

const mailsTo = (key: string, subject: string) =>
  [...app.sandbox.outbox.all()].filter(
    mail => mail.to === `${key}@northwind.example` && mail.subject.startsWith(subject),
  ).length;

function countOf(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { owner, state } of rows)
    counts[`${owner} ${state}`] = (counts[`${owner} ${state}`] ?? 0) + 1;
  return counts;
}

it('many who cross in one minute are each escalated once, nobody gets more than they have room for, and the rest waits in order (P3, P4)', async () => {
  const leads = await strangers();
  await askAtOnce(leads);
  const rows = await when(all => all.length >= leads.length && all.every(({ isTold }) => isTold));
  expect(new Set(rows.map(({ lead }) => lead))).toEqual(new Set(leads));
  expect(rows).toHaveLength(leads.length);
  const given = Object.values(room).reduce((sum, each) => sum + each, 0);
  expect(countOf(rows)).toEqual({
    ...Object.fromEntries(Object.entries(room).map(([key, each]) => [`${key} assigned`, each])),
    'theo queued': leads.length - given,
  });
  for (const [key, each] of Object.entries(room)) {
    expect(mailsTo(key, 'A lead') + mailsTo(key, 'B lead')).toBe(each);
  }
  expect(mailsTo('theo', 'Leads wait')).toBe(1);

  // Tomorrow there is room for a few more.
  for (const [key, each] of Object.entries(room))
    await app.database.person.update({ where: { key }, data: { capacity: each + sevenMore } });
  const opens = instant(Date.parse('2026-09-08T07:00:00Z'));
  const waiting = rows.filter(({ state }) => state === 'queued');
  const inTurn = pLimit(16);
  // Whichever of them looks first does it for all: the youngest is.
  const [youngest = expect.fail(), ...others] = waiting.toReversed();
  await until(app, youngest.lead as LeadId, opens);
  const placed = await escalations();
  await Promise.all(others.map(({ lead }) => inTurn(() => until(app, lead as LeadId, opens))));
  const after = await when(all => all.every(({ isTold }) => isTold));
  expect(countOf(after)).toEqual(countOf(placed));
  const now = new Map(after.map(row => [row.id, row]));
  for (const key of Object.keys(room)) {
    expect(mailsTo(key, 'A lead') + mailsTo(key, 'B lead')).toBe((room[key] ?? 0) + sevenMore);
  }
  // In each territory the best, and of these the oldest, are first.
  const territories = await app.database.lead.findMany({ select: { id: true, country: true } });
  const countryOf = new Map(territories.map(({ id, country }) => [id, country]));
  for (const country of ['DE', 'AT', 'NL']) {
    const there = waiting.filter(({ lead }) => countryOf.get(lead) === country);
    const orders = (state: string) =>
      there.filter(({ id }) => now.get(id)?.state === state).map(({ order }) => order);
    const given = orders('assigned');
    expect(given).toHaveLength(country === 'DE' ? 2 * sevenMore : sevenMore);
    const [worstGiven = '', bestQueued = ''] = [
      given.toSorted().at(-1),
      orders('queued').toSorted()[0],
    ];
    expect(worstGiven <= bestQueued).toBe(true);
  }
  expect(mailsTo('theo', 'Leads wait')).toBe(2);
}, 600_000);
