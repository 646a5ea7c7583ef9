import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus, second } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { loopFacts } from '../../store/loop.ts';
import { mergeLeads } from '../../store/merge.ts';
import { suppress } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import {
  address,
  aLead,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  settled,
  until,
} from '../program.ts';
import { Takers } from '../taking.ts';

let app: App;
let takers: Takers;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
  await app.database.control.create({
    data: { key: 'hooks', value: 'on', at: new Date(app.clock.now()) },
  });
  takers = await Takers.of(app);
});
afterAll(() => app.stop());

const hooksOf = async (lead: LeadId) => {
  const hooks = await app.database.hook.findMany({
    where: { escalation: { leadId: lead } },
    orderBy: { id: 'asc' },
  });
  return hooks.map(({ kind }) => kind.replace('escalation.', ''));
};
const openRowsOf = (lead: LeadId) => app.database.openSlot.count({ where: { leadId: lead } });

describe('a rep takes a lead over', () => {
  it('out of nurture, which stops at once: it is theirs and accepted, and nobody is mailed (P10)', async () => {
    const lead = await takers.nurtured();
    expect(await takers.look(lead, 'lena')).toContain('next mail 02-what-a-stop-costs');
    const mails = app.sandbox.outbox.count;
    const { status, location } = await takers.take(lead, 'lena');
    expect(status).toBe(303);
    const page = await (await fetch(location ?? '')).text();
    for (const part of [
      `${takers.nameOf('lena')} accepted this lead.`,
      'Taken over by sales itself:',
      'Contacted',
    ])
      expect(page).toContain(part);
    const [escalation] = await escalationsOf(app, lead);
    expect(escalation).toMatchObject({ state: 'accepted', cause: 'taken over', grade: 'C' });
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'escalated' });
    expect(
      await app.database.assignment.findMany({ where: { escalationId: escalation?.id ?? '' } }),
    ).toMatchObject([{ n: 1, cause: 'taken over' }]);
    const told = await takers.look(lead, 'lena');
    expect(told).toContain(`With sales: ${takers.nameOf('lena')} (accepted).`);
    expect(told).toContain('It is yours.');
    expect(told).not.toContain('next mail');
    expect(await hooksOf(lead)).toEqual(['assigned', 'accepted']);
    // The clock that runs is theirs: a contact is due, and the manager hears when there is none.
    await until(app, lead, later(app, hour));
    expect(app.sandbox.outbox.count).toBe(mails);
    await answer(app, lead, 'contacted');
    await answer(app, lead, 'rejected', 'no compelling need');
    expect((await enrollmentOf(app, lead)).originKey).toContain('recycle/');
  });

  it('that is at rest, or wants no mails: the page says so (P2)', async () => {
    const lead = await takers.nurtured();
    const { address: mail } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    await suppress(app.database, [address(mail ?? '')], 'unsubscribe', app.clock.now());
    await does(app, lead, { kind: 'page' });
    expect(await openRowsOf(lead)).toBe(0);
    expect(await takers.look(lead, 'emil')).toContain(
      'It is never mailed (unsubscribe), but you may call.',
    );
    await takers.take(lead, 'emil');
    expect(await escalationsOf(app, lead)).toMatchObject([
      { state: 'accepted', enrollmentId: null },
    ]);
    const { id } = (await escalationsOf(app, lead))[0] ?? { id: '' };
    // Its workflow was started, although nothing was there to be told.
    expect((await app.client.workflow.getHandle(`escalation/${id}`).describe()).status.name).toBe(
      'RUNNING',
    );
  });

  it('from another rep, who is told by their link; not once that one has contacted it', async () => {
    const { lead, owner, other } = await takers.withRep();
    expect(await takers.look(lead, other)).toContain(`Take over from ${takers.nameOf(owner)}`);
    const [link] = await app.database.assignment.findMany({
      where: { escalation: { leadId: lead } },
    });
    expect((await takers.take(lead, other)).status).toBe(303);
    expect(await takers.ownerOf(lead)).toBe(other);
    const state = await escalationsOf(app, lead);
    expect(state).toMatchObject([{ state: 'accepted', cause: 'hand raise' }]);
    expect(
      await app.database.assignment.findMany({
        where: { escalation: { leadId: lead } },
        orderBy: { n: 'asc' },
      }),
    ).toMatchObject([
      { n: 1 },
      { n: 2, cause: 'taken over', notifiedAt: expect.any(Date) as Date },
    ]);
    expect(await hooksOf(lead)).toEqual(['assigned', 'reassigned', 'accepted']);
    const stale = await fetch(app.links.escalation(link?.id as never, app.clock.now()));
    expect(await stale.text()).toContain(`${takers.nameOf(other)} has it now`);

    const seen = await takers.seenBy(lead, owner);
    await answer(app, lead, 'contacted');
    const refused = await takers.press(lead, owner, seen);
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining(`${takers.nameOf(other)} has contacted it already`),
    ]);
    expect(await takers.look(lead, owner)).toContain('only whoever leads sales may take it over');
    expect((await takers.take(lead, 'theo')).status).toBe(303);
    expect(await takers.ownerOf(lead)).toBe('theo');
  });

  it('twice is once, and says so', async () => {
    const lead = await takers.nurtured();
    const seen = await takers.seenBy(lead, 'lena');
    await takers.take(lead, 'lena');
    const again = await takers.press(lead, 'lena', seen);
    expect([again.status, again.text]).toEqual([
      200,
      expect.stringContaining('It is yours already. Nothing has changed.'),
    ]);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    expect(await app.database.disposition.count({ where: { escalation: { leadId: lead } } })).toBe(
      1,
    );
  });

  it('is counted apart from what marketing handed over', async () => {
    const from = plus(app.clock.at, minute);
    app.clock.at = from;
    await takers.take(await takers.nurtured(), 'lena');
    await takers.withRep();
    const at = plus(app.clock.now(), second);
    const facts = await loopFacts(app.database, { from, to: at }, at);
    expect(facts).toMatchObject({ escalated: 1, takenOver: 1, accepted: 0 });
    expect(facts.answers.kept).toBe(0);
  });
});

describe('nothing is taken over', () => {
  it('by looking (P11), without a login, by marketing, by a form of another site, or with what is no form (P12)', async () => {
    const lead = await takers.nurtured();
    expect(await takers.look(lead, null)).toContain('<a href="/login">Log in</a>');
    for (const key of ['nora', 'lena']) await takers.look(lead, key);
    expect(await takers.look(lead, 'nora')).not.toContain('Take over');
    expect((await takers.press(lead, null, '')).status).toBe(403);
    const marketing = await takers.press(lead, 'nora', '');
    expect([marketing.status, marketing.text]).toEqual([
      403,
      expect.stringContaining('only sales takes leads over'),
    ]);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await takers.press(lead, 'lena', '', foreign)).status).toBe(403);
    expect((await takers.press(lead, 'lena', 'nonsense')).status).toBe(422);
    const other = await takers.withRep();
    const seen = await takers.seenBy(other.lead, other.other);
    const elsewhere = await takers.press(lead, other.other, seen);
    expect(elsewhere.status).toBe(409);
    expect((await fetch(`${takers.urlOf(lead)}x`, { method: 'POST' })).status).toBe(404);
    const old = app.links.lead(lead, plus(app.clock.now(), -8 * day));
    expect((await fetch(old, { method: 'POST' })).status).toBe(410);
    expect(await enrollmentOf(app, lead)).toMatchObject({ endedAt: null });
    expect(await escalationsOf(app, lead)).toEqual([]);
  });

  it('of a lead that nobody has graded, that was answered for a moment ago, or that became another', async () => {
    const fresh = await aLead(app, bestFit);
    expect((await takers.press(fresh, 'lena', '')).text).toContain('has no grade yet');
    const { lead, owner, other } = await takers.withRep();
    const seen = await takers.seenBy(lead, other);
    await answer(app, lead, 'rejected', 'not now');
    expect((await takers.press(lead, other, seen)).text).toContain('has just said how it ended');
    expect((await takers.press(lead, owner, seen)).status).toBe(409);
    const survivor = await takers.nurtured();
    const way = { who: 'ops', way: 'cli' } as const;
    await mergeLeads(app.database, { survivor, merged: lead, ...way }, app.clock.now());
    // The page of the one is the page of the other now, and so is its form.
    const pressed = await takers.press(lead, other, '');
    expect(pressed.status).toBe(303);
    await settled(app, survivor);
    expect((await escalationsOf(app, survivor)).at(-1)).toMatchObject({ cause: 'taken over' });
    expect(await openRowsOf(survivor)).toBe(1);
  });
});
