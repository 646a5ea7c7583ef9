import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../domain/instant.ts';
import type { LeadId } from '../../domain/ids.ts';
import { inboundAddress } from '../../http/inbound-address.ts';
import { isSuppressed } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, stepsOf } from '../nurtured.ts';
import {
  address,
  enrollmentOf,
  escalationsOf,
  later,
  mailsTo,
  settled,
  until,
} from '../program.ts';
import { aMail, postMail, type Parts } from './inbound-post.ts';

let app: App;
beforeAll(async () => {
  app = await startApp('2026-03-02T08:00:00Z');
});
afterAll(() => app.stop());

const post = (mail: Parts) =>
  postMail(inboundAddress(app.config.http.publicUrl, app.config.secret), mail);

const addressOf = async (lead: LeadId) =>
  (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).address ?? '';
const told = (where: { leadId: LeadId | null }) =>
  app.database.event.findMany({
    where: { ...where, providerKey: { startsWith: 'inbound/' } },
    orderBy: { id: 'asc' },
  });

let made = 0;
const stranger = () => `stranger-${(made += 1)}@elsewhere.example`;

describe('a reply that a person wrote', () => {
  it('ends nurture at once, goes to a rep, and no mail follows (P10)', async () => {
    const lead = await aNurturedLead(app);
    await until(app, lead, later(app, day));
    const [welcome] = await mailsTo(app, lead);
    const mail = aMail(await addressOf(lead), {
      'In-Reply-To': `<${welcome?.id ?? ''}@geopod-ismtpd-6>`,
      Date: 'Tue, 03 Mar 2026 07:30:00 +0000',
    });
    expect(await post(mail)).toEqual({ status: 204, body: '' });
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
    expect(await escalationsOf(app, lead)).toMatchObject([{ cause: 'reply' }]);
    const [event] = await told({ leadId: lead });
    expect(event).toMatchObject({ kind: 'reply', subject: null, detail: null });
    expect(event?.at).toEqual(new Date('2026-03-03T07:30:00Z'));
    expect(event?.sendId).toBe(welcome?.customArgs.send_id);
    await until(app, lead, later(app, 60 * day));
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
  });

  it('counts once, however often and in how many copies it comes (P6)', async () => {
    const lead = await aNurturedLead(app);
    const mail = aMail(await addressOf(lead));
    const copy = { ...mail, envelope: JSON.stringify({ from: 'srs0=x@forwarder.example' }) };
    const answers = await Promise.all([mail, mail, copy, mail].map(each => post(each)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect((await post(mail)).status).toBe(204);
    await settled(app, lead);
    expect(await told({ leadId: lead })).toHaveLength(1);
    expect(await escalationsOf(app, lead)).toHaveLength(1);
  });

  it('without an id counts once by its content', async () => {
    const lead = await aNurturedLead(app);
    const from = await addressOf(lead);
    const mail = { from, subject: 'Re: hello', text: 'Call me', headers: 'Date: x\n' };
    await post(mail);
    await post(mail);
    await post({ ...mail, text: 'Call me soon' });
    expect(await told({ leadId: lead })).toHaveLength(2);
  });

  it('is of the lead whose mail it answers, whoever’s address it comes from', async () => {
    const lead = await aNurturedLead(app);
    const [welcome] = await mailsTo(app, lead);
    const thread = `<other@company.example>\r\n <${welcome?.id ?? ''}@geopod-ismtpd-6>`;
    await post(aMail(stranger(), { References: thread }));
    await settled(app, lead);
    expect(await told({ leadId: lead })).toMatchObject([
      { kind: 'reply', sendId: welcome?.customArgs.send_id },
    ]);
    expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
  });

  it('to a mail that was handed on stops both leads', async () => {
    const [first, second] = [await aNurturedLead(app), await aNurturedLead(app)];
    const [welcome] = await mailsTo(app, first);
    const headers = { 'In-Reply-To': `<${welcome?.id ?? ''}@geopod-ismtpd-6>` };
    await post(aMail(await addressOf(second), headers));
    for (const lead of [first, second]) {
      await settled(app, lead);
      expect((await enrollmentOf(app, lead)).endReason).toBe('escalated');
    }
    expect(await told({ leadId: second })).toMatchObject([{ kind: 'reply', sendId: null }]);
  });

  it('is known by an alias, by letter case aside, and by the envelope where the sender is odd', async () => {
    const lead = await aNurturedLead(app);
    const from = await addressOf(lead);
    const alias = stranger();
    await app.database.leadAlias.create({ data: { address: alias, leadId: lead } });
    await post(aMail(alias.toUpperCase()));
    await post({ ...aMail(from), from: 'undisclosed', headers: 'Message-ID: <1@a.example>\n' });
    expect(await told({ leadId: lead })).toHaveLength(2);
  });

  it('of a stranger is kept as nobody’s, with nothing of who it was or what it says', async () => {
    const before = await told({ leadId: null });
    const from = stranger();
    const { status } = await post(aMail(from, {}, { subject: 'Private matters', text: 'secret' }));
    expect(status).toBe(204);
    const after = await told({ leadId: null });
    expect(after).toHaveLength(before.length + 1);
    const text = JSON.stringify(after);
    for (const word of [from, 'elsewhere', 'Private', 'secret']) expect(text).not.toContain(word);
  });
});

describe('an answer that nobody wrote', () => {
  it('is kept, changes no grade, and nurture goes on', async () => {
    const lead = await aNurturedLead(app);
    const [welcome] = await mailsTo(app, lead);
    const { revision } = await app.database.lead.findUniqueOrThrow({ where: { id: lead } });
    const headers = {
      'In-Reply-To': `<${welcome?.id ?? ''}@geopod-ismtpd-6>`,
      'Auto-Submitted': 'auto-replied',
      Subject: 'Out of office: unsubscribe',
    };
    const away = aMail(await addressOf(lead), headers, { text: 'unsubscribe' });
    expect((await post(away)).status).toBe(204);
    await settled(app, lead);
    expect(await told({ leadId: lead })).toMatchObject([
      { kind: 'auto reply', subject: 'auto-submitted' },
    ]);
    expect(await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).toMatchObject({
      revision,
      seenRevision: revision,
    });
    await until(app, lead, later(app, 14 * day));
    expect((await stepsOf(app, lead)).length).toBeGreaterThan(1);
    expect(await isSuppressed(app.database, address(await addressOf(lead)))).toBe(false);
  });

  it('is known without its headers', async () => {
    const lead = await aNurturedLead(app);
    const from = await addressOf(lead);
    await post({ from, subject: 'Automatische Antwort: Stillstand', text: 'Ich bin im Urlaub' });
    await post({ ...aMail(from), envelope: '{"from":""}' });
    expect(await told({ leadId: lead })).toMatchObject([
      { kind: 'auto reply', subject: 'subject' },
      { kind: 'auto reply', subject: 'return path' },
    ]);
    expect((await enrollmentOf(app, lead)).endReason).toBeNull();
  });
});

describe('a reply that asks for no more mail', () => {
  it('is an unsubscribe: nurture ends, nobody is escalated, and the address is never mailed (P2)', async () => {
    const lead = await aNurturedLead(app);
    const from = await addressOf(lead);
    await post(aMail(from, {}, { text: 'Bitte abmelden.\r\n\r\n> Was ein Stillstand kostet' }));
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
    expect(await escalationsOf(app, lead)).toEqual([]);
    expect(await isSuppressed(app.database, address(from))).toBe(true);
    expect(await told({ leadId: lead })).toMatchObject([{ kind: 'unsubscribe', subject: 'reply' }]);
  });

  it('from another address takes off the lead whose mail it answers, and who wrote', async () => {
    const lead = await aNurturedLead(app);
    const [welcome] = await mailsTo(app, lead);
    const from = stranger();
    const headers = { 'In-Reply-To': `<${welcome?.id ?? ''}@geopod-ismtpd-6>` };
    await post(aMail(from, headers, { text: 'unsubscribe' }));
    await settled(app, lead);
    expect((await enrollmentOf(app, lead)).endReason).toBe('suppressed');
    expect(await isSuppressed(app.database, address(await addressOf(lead)))).toBe(true);
    expect(await isSuppressed(app.database, address(from))).toBe(true);
  });

  it('by an alias takes off the address that is mailed; a stranger’s is taken off as well', async () => {
    const lead = await aNurturedLead(app);
    const [alias, other] = [stranger(), stranger()];
    await app.database.leadAlias.create({ data: { address: alias, leadId: lead } });
    await post(aMail(alias, {}, { text: 'stop' }));
    await post(aMail(other, {}, { text: 'stop' }));
    expect(await isSuppressed(app.database, address(await addressOf(lead)))).toBe(true);
    expect(await isSuppressed(app.database, address(other))).toBe(true);
  });

  it('is understood in the encoding that the form tells, and in HTML alone', async () => {
    const html = '<style>p{}</style><p>D&eacute;sabonner</p><blockquote>Ce que co&ucirc;te…';
    const charsets = (text: string) => JSON.stringify({ text, from: 'UTF-8' });
    for (const more of [
      { text: iconv.encode('Désabonner', 'latin1'), charsets: charsets('iso-8859-1') },
      { text: iconv.encode('Désabonner', 'utf-16le'), charsets: charsets('UTF-16LE') },
      { text: iconv.encode('Aus dem Verteiler löschen', 'win1252'), charsets: charsets('cp1252') },
      { text: 'unsubscribe', charsets: charsets('constructor') },
      { text: 'unsubscribe', charsets: charsets('no-such-encoding') },
      { text: 'unsubscribe', charsets: '[[' },
      { text: 'unsubscribe', charsets: '{"text": 7}' },
      { text: '', html },
    ]) {
      const from = stranger();
      expect((await post(aMail(from, {}, more))).status).toBe(204);
      expect([more, await isSuppressed(app.database, address(from))]).toEqual([more, true]);
    }
  });
});
