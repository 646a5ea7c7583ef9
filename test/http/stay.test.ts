import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, minute, plus } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { Links } from '../../mail/links.ts';
import { mergeLeads } from '../../store/merge.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { suppress } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { stepsOf } from '../nurtured.ts';
import {
  address,
  aLead,
  answer,
  bestFit,
  does,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  read,
  settled,
  takeIn,
  until,
} from '../program.ts';
import { get } from './get.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const demo = { kind: 'form', subject: 'Book a demo' } as const;

/** Presses a button of the page that the mail leads to. */
async function say(lead: LeadId, word: string): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams({ answer: word });
  const response = await fetch(app.links.stay(lead), { method: 'POST', body });
  const text = await response.text();
  await settled(app, lead);
  return { status: response.status, text };
}

/** A lead that a rep put off, before its first mail of that track. */
async function putOff(): Promise<LeadId> {
  app.clock.at = later(app, minute);
  const lead = await aLead(app, bestFit);
  await takeIn(app, lead);
  await does(app, lead, demo);
  await answer(app, lead, 'rejected', 'not now');
  return lead;
}

const sequenceOf = async (lead: LeadId) => {
  const { version } = await app.database.enrollment.findFirstOrThrow({
    where: { leadId: lead, endedAt: null },
    include: { version: true },
  });
  return version.name;
};
const wishesOf = (lead: LeadId) =>
  app.database.event.findMany({
    where: { leadId: lead, kind: { in: ['stay', 'quiet'] } },
    orderBy: { at: 'asc' },
  });
const storyOf = async (lead: LeadId) => (await get(app.links.lead(lead, app.clock.now()))).text;

describe('whether to stay in touch', () => {
  it('is asked by every mail of that track, by a link that is no counted click', async () => {
    const lead = await putOff();
    await until(app, lead, later(app, 130 * day));
    const { id } = await enrollmentOf(app, lead);
    const mails = (await mailsTo(app, lead)).filter(
      ({ customArgs }) => customArgs.enrollment_id === id,
    );
    expect(mails).toHaveLength(4);
    for (const entry of mails) {
      const mail = read(app, entry);
      const [asks] = linksOf(mail.html ?? '').filter(({ url }) => url === app.links.stay(lead));
      expect(asks?.isCounted).toBe(false);
      expect(mail.text).toContain(app.links.stay(lead));
    }
  });

  it('changes nothing when it is only looked at (P11), and tells a stranger nothing', async () => {
    const lead = await putOff();
    const before = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    for (let visit = 0; visit < 3; visit++) {
      const { status, text } = await get(app.links.stay(lead));
      expect(status).toBe(200);
      expect(text).toContain('Yes, stay in touch');
      expect(text).toContain('Northwind Instruments');
      expect(text).not.toMatch(/Ada|Lovelace|Analytical|Lockstep/);
      expect(text).not.toContain(before.address);
    }
    expect(await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).toEqual(before);
    expect(await wishesOf(lead)).toEqual([]);
  });

  it('no ends nurture at once, said twice is said once, and nothing takes the lead by itself any more', async () => {
    const lead = await putOff();
    await until(app, lead, later(app, 8 * day));
    const mailed = await stepsOf(app, lead);
    expect((await say(lead, 'no')).text).toContain('It is quiet now');
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'quiet' });
    const again = await say(lead, 'no');
    expect([again.status, again.text]).toEqual([200, expect.stringContaining('already')]);
    expect(await wishesOf(lead)).toHaveLength(1);
    expect((await get(app.links.stay(lead))).text).toContain('Stay in touch after all');
    // Looks at the prices, as somebody does who crosses the line: nobody calls them for that.
    await does(app, lead, ...['1', '2', '3'].map(n => ({ subject: `/pricing?${n}` })));
    await until(app, lead, later(app, 200 * day));
    expect(await stepsOf(app, lead)).toEqual(mailed);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
    const told = await storyOf(lead);
    for (const part of ['At rest: wants to be left alone.', 'stay-in-touch: quiet'])
      expect(told).toContain(part);
  });

  it('no while a mail is due in the same moment: no mail', async () => {
    const lead = await putOff();
    const { wakeAt } = await enrollmentOf(app, lead);
    app.clock.at = plus((wakeAt?.getTime() ?? 0) as never, 0);
    const mailed = await stepsOf(app, lead);
    const response = await fetch(app.links.stay(lead), {
      method: 'POST',
      body: new URLSearchParams({ answer: 'no' }),
    });
    expect(response.status).toBe(200);
    await until(app, lead, later(app, hour));
    expect(await stepsOf(app, lead)).toEqual(mailed);
    expect(await enrollmentOf(app, lead)).toMatchObject({ endReason: 'quiet' });
  });

  it('yes after no goes on where it was, with the mail that comes next', async () => {
    const lead = await putOff();
    await until(app, lead, later(app, 8 * day));
    await say(lead, 'no');
    app.clock.at = later(app, 20 * day);
    expect((await say(lead, 'yes')).text).toContain('We stay in touch');
    expect(await sequenceOf(lead)).toBe('stay-in-touch');
    expect((await say(lead, 'yes')).text).toContain('already');
    await until(app, lead, later(app, 40 * day));
    expect(await stepsOf(app, lead)).toEqual([
      ...['01-welcome', '01-fair-enough', '02-what-changed', '03-one-number'],
    ]);
    // And once more: each change of mind counts.
    await say(lead, 'no');
    await say(lead, 'yes');
    expect(await sequenceOf(lead)).toBe('stay-in-touch');
    expect((await wishesOf(lead)).map(({ kind }) => kind)).toEqual([
      ...['quiet', 'stay', 'quiet', 'stay'],
    ]);
    expect(await storyOf(lead)).toContain('wants to stay in touch');
  });

  it('no is no unsubscription: whoever asks for sales, replies or books is with sales (P3)', async () => {
    const events = [demo, { kind: 'reply' }, { kind: 'booked' }] as const;
    for (const event of events) {
      const lead = await putOff();
      await say(lead, 'no');
      app.clock.at = later(app, hour);
      await does(app, lead, event);
      expect(await escalationsOf(app, lead)).toHaveLength(2);
      // And back from there it is quiet still.
      await answer(app, lead, 'rejected', 'not now');
      expect(await app.database.openSlot.findUnique({ where: { leadId: lead } })).toBeNull();
    }
  });

  it('is said while a rep has the lead, and shown to them', async () => {
    const lead = await aLead(app, bestFit);
    await takeIn(app, lead);
    await does(app, lead, demo);
    await say(lead, 'yes');
    const { id } = await app.database.assignment.findFirstOrThrow({
      where: { escalation: { leadId: lead } },
    });
    const { text } = await get(app.links.escalation(id as never, app.clock.now()));
    expect(text).toContain('wants to stay in touch');
  });

  it('of many at once leaves one story, and what holds is what was said last', async () => {
    const lead = await putOff();
    const words = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'yes' : 'no'));
    await Promise.all(words.map(word => say(lead, word)));
    const said = await wishesOf(lead);
    // Each differs from the one before, so none was lost and none counted twice.
    for (const [n, { kind }] of said.entries()) expect(kind).not.toBe(said[n - 1]?.kind);
    const isOpen = (await enrollmentOf(app, lead)).endedAt === null;
    expect(isOpen).toBe(said.at(-1)?.kind === 'stay');
  });

  it('of a merged lead is its survivor’s; whoever is never mailed has nothing to choose (P2)', async () => {
    const survivor = await putOff();
    const merged = await putOff();
    const way = { who: 'ops', way: 'cli' } as const;
    await mergeLeads(app.database, { survivor, merged, ...way }, app.clock.now());
    app.nudger.nudge([survivor]);
    await settled(app, survivor);
    await say(merged, 'no');
    await settled(app, survivor);
    expect(
      await app.database.enrollment.count({ where: { leadId: survivor, endReason: 'quiet' } }),
    ).toBe(1);
    const row = await app.database.lead.findUniqueOrThrow({ where: { id: survivor } });
    await suppress(app.database, [address(row.address ?? '')], 'unsubscribe', app.clock.now());
    expect((await get(app.links.stay(merged))).text).toContain('nothing to choose');
    expect((await say(survivor, 'yes')).text).toContain('nothing to choose');
    expect((await wishesOf(survivor)).map(({ kind }) => kind)).toEqual(['quiet']);
  });

  it('needs a link that is signed, and signed for that, which never expires (P12)', async () => {
    const lead = await putOff();
    const other = await putOff();
    const url = app.links.stay(lead);
    const foreign = new Links(app.config.http.publicUrl, 'another secret of many characters');
    const post = (to: string, body: string | URLSearchParams) =>
      fetch(to, { method: 'POST', body }).then(({ status }) => status);
    const no = () => new URLSearchParams({ answer: 'no' });
    for (const bad of [
      `${url}x`,
      url.slice(0, -3),
      url.replace(lead, other),
      url.replace(/\.0\.(?=[^.]*$)/, '.9.'),
      foreign.stay(lead),
      app.links.unsubscribe(lead).replace('/u/', '/stay/'),
      url.replace('/stay/', '/u/'),
    ]) {
      expect((await get(bad)).status, bad).toBe(404);
      expect(await post(bad, no()), bad).toBe(404);
    }
    for (const odd of ['maybe', '']) expect((await say(lead, odd)).status).toBe(422);
    expect(await post(url, '{"answer": "no"}')).toBe(415);
    expect(await wishesOf(lead)).toEqual([]);
    app.clock.at = later(app, 3_000 * day);
    expect((await get(url)).status).toBe(200);
  });
});
