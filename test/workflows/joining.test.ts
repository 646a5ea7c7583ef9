import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EscalationId, LeadId, PersonId } from '../../domain/ids.ts';
import { day, hour, instant, minute, plus, second } from '../../domain/instant.ts';
import type { LeadFields } from '../../domain/lead/fields.ts';
import { payloadOf } from '../../hook/payload.ts';
import { switchHooks } from '../../store/control.ts';
import { announce, hookFacts, hooksToStart } from '../../store/hook.ts';
import { setAway } from '../../store/time-off.ts';
import { startApp, type App } from '../app.ts';
import { get } from '../http/get.ts';
import {
  aLead,
  answer,
  bestFit,
  does,
  escalationsOf,
  later,
  read,
  settled,
  takeIn,
  until,
} from '../program.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:30:00Z');
});
afterAll(() => app.stop());

const grace = { ...bestFit, firstName: 'Grace', lastName: 'Hopper' };
const demo = { kind: 'form', subject: 'Book a demo' } as const;

/** A lead of a company that asks for sales. */
async function crossed(domain: string, fields: Partial<LeadFields> = bestFit): Promise<LeadId> {
  app.clock.at = later(app, minute);
  const lead = await aLead(app, fields, domain);
  await takeIn(app, lead);
  await does(app, lead, { ...demo, at: plus(app.clock.at, -10 * second) });
  return lead;
}

async function escalationOf(lead: LeadId) {
  const { id } = (await escalationsOf(app, lead)).at(-1) ?? expect.fail();
  return app.database.escalation.findUniqueOrThrow({
    where: { id },
    include: { owner: true, assignments: true },
  });
}

/** What the owner of a lead was mailed, and where it leads. */
async function handedOver(lead: LeadId) {
  const { id } = await escalationOf(lead);
  const entry = [...app.sandbox.outbox.all()].findLast(
    ({ customArgs }) => customArgs.escalation_id === id && 'assignment_id' in customArgs,
  );
  const { subject, text, html } = read(app, entry);
  const [page = ''] = /http\S+\/e\/[\w.-]+(?=#accept)/.exec(text ?? '') ?? [];
  return { subject, text: text ?? '', html: html ?? '', page };
}

/** What another system would be told of an escalation. */
async function payloadOfHook(escalationId: EscalationId): Promise<unknown> {
  const at = app.clock.now();
  await switchHooks(app.database, 'on', at);
  await announce(app.database, { escalationId, kind: 'escalation.assigned', originKey: 'x', at });
  const [hook] = await hooksToStart(app.database, escalationId);
  const facts = hook && (await hookFacts(app.database, hook));
  await app.database.$executeRawUnsafe('TRUNCATE hook');
  await switchHooks(app.database, 'off', at);
  return facts && Reflect.get(payloadOf(facts, 'page'), 'data');
}

it('a second lead of an account goes to the same rep, who is told what it joins, and each has its own answer', async () => {
  const ada = await crossed('engines.example');
  await answer(app, ada, 'contacted', null, { feedbackDueAt: later(app, 7 * day) });
  const second = await crossed('engines.example', grace);
  const [first, joined] = [await escalationOf(ada), await escalationOf(second)];
  expect(joined).toMatchObject({ joinsId: first.id, ownerId: first.ownerId });
  expect(first.joinsId).toBeNull();
  expect(joined.assignments).toMatchObject([
    { reason: 'has a colleague of this lead, whom it joins' },
  ]);

  const { subject, text, page } = await handedOver(second);
  const told =
    'Second lead of Analytical Engines with you: Grace Hopper joins Ada Lovelace, who is contacted.';
  expect(subject).toBe(
    'B lead: Grace Hopper joins Ada Lovelace, second of Analytical Engines with you',
  );
  expect(text.startsWith(`${told} Open the other <${app.config.http.publicUrl}/e/`)).toBe(true);
  const shown = (await get(page)).text;
  expect(shown).toContain(told);
  expect(shown).toContain('To talk about');
  const [, other = ''] = /<a href="([^"]*\/e\/[^"]*)">Open the other/.exec(shown) ?? [];
  expect((await get(other)).text).toContain('<h1>Ada Lovelace</h1>');
  expect((await handedOver(ada)).text).not.toContain('joins');

  expect(await payloadOfHook(joined.id as EscalationId)).toMatchObject({
    joins: {
      ...{ escalation: first.id, state: 'contacted' },
      lead: { id: ada, first_name: 'Ada', last_name: 'Lovelace' },
      owner: { key: first.owner.key, name: first.owner.name },
    },
  });

  await answer(app, second, 'rejected', 'not now');
  expect(await escalationOf(second)).toMatchObject({ state: 'rejected' });
  expect(await escalationOf(ada)).toMatchObject({ state: 'contacted', endedAt: null });
  await answer(app, ada, 'lost', 'chose another');
  expect(await escalationOf(ada)).toMatchObject({ state: 'lost' });
  // What it joined stays in the record when that has ended.
  expect((await escalationOf(second)).joinsId).toBe(first.id);
});

it('where the rep of the first is away, another is told who has it, and not the way to it', async () => {
  const ada = await crossed('pumps.example');
  const { ownerId, owner } = await escalationOf(ada);
  const now = app.clock.now();
  await setAway(app.database, ownerId as PersonId, { from: now, until: plus(now, day) });
  const lead = await crossed('pumps.example', grace);
  const joined = await escalationOf(lead);
  expect(joined.ownerId).not.toBe(ownerId);
  expect(joined.assignments.at(-1)?.reason).toContain(
    'joins a colleague who is with somebody else',
  );
  const { subject, text, page } = await handedOver(lead);
  expect(subject).toBe(
    `B lead: Grace Hopper joins Ada Lovelace of Analytical Engines, with ${owner.name}`,
  );
  for (const told of [text, (await get(page)).text]) {
    expect(told).toContain(`${owner.name} has a lead of Analytical Engines already`);
    expect(told).not.toContain('Open the other');
  }
  await answer(app, lead, 'rejected', 'bad data');
});

it('leads of different companies join nobody', async () => {
  const lead = await crossed('alone.example');
  expect(await escalationOf(lead)).toMatchObject({ joinsId: null });
  expect((await handedOver(lead)).subject).toBe('B lead: Ada Lovelace, Analytical Engines');
});

it('a lead that comes back brings along what was said, what it did, and what it was sent', async () => {
  const lead = await crossed('back.example');
  const { owner } = await escalationOf(lead);
  const wakeAt = instant(Date.parse('2026-05-04T07:00:00Z'));
  await answer(app, lead, 'rejected', 'not now', { note: 'call in May', wakeAt });
  await until(app, lead, plus(wakeAt, day));
  const at = app.clock.now();
  await does(
    app,
    lead,
    { kind: 'download', subject: 'field-guide.pdf', at: plus(at, -hour) },
    // A machine's visit, as it says itself.
    {
      ...{ kind: 'click', subject: 'https://northwind.example/scanned', at: plus(at, -hour) },
      detail: { useragent: 'Barracuda Sentinel' },
    },
    { ...demo, at: plus(at, -second) },
  );
  const { text, page } = await handedOver(lead);
  const said = `${owner.name} rejected it on 2 March: not now, “call in May”. To be called again on 4 May.`;
  for (const part of [said, 'Downloaded field-guide.pdf', 'Filled in Book a demo'])
    expect(text).toContain(part);
  expect(text).toMatch(/What we sent\n\n \* \w+ \d+ Apr · Fair enough, and one thing for later\n/);
  expect(text).not.toContain('scanned');
  expect((await get(page)).text).toContain(said);
});

it('whoever follows every link of the mail, as gateways do, has said nothing (P11)', async () => {
  const lead = await crossed('gateway.example');
  const { html } = await handedOver(lead);
  const before = await Promise.all([
    app.database.escalation.findMany({ where: { leadId: lead } }),
    app.database.lead.findUniqueOrThrow({ where: { id: lead } }),
    app.database.disposition.count(),
  ]);
  const links = [...html.matchAll(/href="(http[^"]*\/(?:e|my)[^"]*)"/g)].map(([, link]) => link);
  expect(links.length).toBeGreaterThanOrEqual(6);
  for (const link of links) {
    expect((await get(link ?? '')).status).toBeLessThan(400);
    await fetch(link ?? '', { method: 'HEAD' });
  }
  await settled(app, lead);
  expect(
    await Promise.all([
      app.database.escalation.findMany({ where: { leadId: lead } }),
      app.database.lead.findUniqueOrThrow({ where: { id: lead } }),
      app.database.disposition.count(),
    ]),
  ).toEqual(before);
  // The parts of the page that the buttons lead to are there.
  const page = (await get(links[0] ?? '')).text;
  for (const id of ['accept', 'reject']) expect(page).toMatch(new RegExp(`<form[^>]* id="${id}"`));
});
