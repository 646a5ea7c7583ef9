import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { linksOf } from '../../sandbox/sendgrid/links.ts';
import { suppress } from '../../store/suppression.ts';
import { startApp, type App } from '../app.ts';
import { get } from '../http/get.ts';
import { address, aLead, bestFit, read, settled, takeIn } from '../program.ts';
import { runIn } from './run.ts';

let app: App;
let lead: LeadId;
let to: string;
beforeAll(async () => {
  app = await startApp('now');
  lead = await aLead(app, { ...bestFit, firstName: 'Grace', title: 'Student' });
  await takeIn(app, lead);
  to = (await app.database.lead.findUniqueOrThrow({ where: { id: lead } })).address ?? '';
});
afterAll(() => app.stop());

const sendTest = (...words: string[]) => runIn(app, 'sequence', 'send-test', 'c-nurture', ...words);
const tests = () => [...app.sandbox.outbox.all()].filter(({ customArgs }) => 'test' in customArgs);

/** Everything that a test mail could count in. */
async function counted() {
  const { database } = app;
  return Promise.all([
    database.lead.findUniqueOrThrow({ where: { id: lead } }),
    database.send.count(),
    database.event.count(),
    database.suppression.count(),
    database.score.count(),
  ]);
}

describe('lockstep sequence send-test', () => {
  it('sends one that is counted nowhere, also when it goes to a lead that clicks and leaves', async () => {
    const before = await counted();
    const { out, error } = await sendTest('01-welcome', '--to', to, '--lead', to);
    expect([error, out]).toEqual(['', expect.stringContaining(`went to ${to} (${to}).`)]);
    const [entry] = tests();
    expect(entry).toMatchObject({
      subject: '[Test] Grace, here is what you asked for, and what comes next',
      categories: ['test'],
      customArgs: { test: 'c-nurture/01-welcome' },
    });
    const mail = read(app, entry);
    const [first] = linksOf(mail.html ?? '');
    if (first === undefined) throw new Error('The mail has no link.');
    app.sandbox.reader.open(mail);
    app.sandbox.reader.click(mail, first);
    const [, url = ''] = /<(http[^>]*)>/.exec(mail.headers['List-Unsubscribe'] ?? '') ?? [];
    const looked = await get(url);
    expect([looked.status, looked.text]).toEqual([200, expect.stringContaining('was a test')]);
    const left = await fetch(url, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect([left.status, await left.text()]).toEqual([
      200,
      expect.stringContaining('This mail was a test'),
    ]);
    const stay = await get(app.links.stay(null));
    expect([stay.status, stay.text]).toEqual([200, expect.stringContaining('mail was a test')]);
    await settled(app, lead);
    expect(await counted()).toEqual(before);
  });

  it('sends none in a dry run, of a mail that is not there, or as nobody', async () => {
    const before = tests().length;
    const dry = await sendTest('01-welcome', '--to', to, '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ lead: 'sample', sent: false });
    const wrong = await sendTest('01-wellcome', '--to', to);
    expect([wrong.code, wrong.error]).toEqual([1, expect.stringContaining('"01-welcome"?')]);
    const nobody = await sendTest('01-welcome', '--to', to, '--lead', 'nobody@nowhere.example');
    expect(nobody.error).toContain('No lead has the address');
    expect(tests()).toHaveLength(before);
  });

  it('sends none to an address that is never mailed (P2)', async () => {
    const before = tests().length;
    await suppress(app.database, [address(to)], 'unsubscribe', app.clock.now());
    const { code, error } = await sendTest('01-welcome', '--to', to.toUpperCase());
    expect([code, error]).toEqual([1, expect.stringContaining('is never mailed')]);
    expect(tests()).toHaveLength(before);
  });
});
