import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { upsertLeads } from '../../store/lead.ts';
import { startApp, type App } from '../app.ts';
import { get } from '../http/get.ts';
import { createFiles } from '../intake/files.ts';
import { aNurturedLead } from '../nurtured.ts';
import { aRow } from '../processes.ts';
import { address, bestFit, does, enrollmentOf, settled, takeIn } from '../program.ts';
import { runIn } from './run.ts';

let app: App;
let files: Awaited<ReturnType<typeof createFiles>>;
let ada: LeadId;
let grace: LeadId;
let email: string;
let domain: string;
beforeAll(async () => {
  app = await startApp('now');
  files = await createFiles();
  ada = await aNurturedLead(app, { ...bestFit, title: null });
  email = (await app.database.lead.findUniqueOrThrow({ where: { id: ada } })).address ?? '';
  domain = email.split('@')[1] ?? '';
  const { sourceId } = await app.database.lead.findUniqueOrThrow({ where: { id: ada } });
  const fields = { ...noFields, ...bestFit, firstName: 'Grace', lastName: 'Hopper'.repeat(12) };
  const row = aRow(address(`grace@${domain}`), { fields });
  const [made] = await upsertLeads(app.database, [row], sourceId, app.clock.now());
  grace = made?.id ?? expect.fail();
  await takeIn(app, grace);
  await does(app, grace, { kind: 'form', subject: 'Book a demo' });
});
afterAll(async () => {
  await files.remove();
  await app.stop();
});

const lines = (out: string) => out.replace(/\s+/g, ' ');

describe('lockstep accounts', () => {
  it('shows an account with the leads of it, and a lead with its account and the others of it', async () => {
    const show = await runIn(app, 'accounts', 'show', `https://www.${domain}/`);
    expect([show.code, show.error]).toEqual([0, '']);
    expect(lines(show.out)).toContain(`Analytical Engines (${domain}), owned by nobody.`);
    expect(lines(show.out)).toMatch(
      /Leads: 2\. .*Grace Hopper\S* Plant Manager [AB] Ready for sal… (Lena Vogt|Emil Sattler) Ada Lovelace C Lead/,
    );
    const lead = await runIn(app, 'leads', 'show', email);
    expect(lines(lead.out)).toMatch(/Others of the account: .*Grace Hopper/);
    for (const { out } of [show, lead])
      expect(out.split('\n').filter(line => line.length > 80 && !line.startsWith('http'))).toEqual(
        [],
      );
    const { text } = await get(app.links.lead(ada, app.clock.now()));
    expect(text).toContain('Others of the account');
    expect(text).toMatch(/[AB] · Grace Hopper\w+, Plant Manager: \w[\w ]+, with (Lena|Emil) /);
    expect(text).not.toContain(grace);
  });

  it('takes a file in: leads of what became a customer leave nurture, and the account has its owner', async () => {
    const path = await files.write(
      `Company domain,Account owner,Status\n${domain},lena,Customer\nnew.example,,competitor\n`,
    );
    const dry = await runIn(app, 'accounts', 'import', path, '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ new: 1, updated: 1, touched: 2, dryRun: true });
    expect(await enrollmentOf(app, ada)).toMatchObject({ endedAt: null });
    const done = await runIn(app, 'accounts', 'import', path);
    expect([done.code, done.error]).toEqual([0, '']);
    expect(lines(done.out)).toContain('Leads that are looked at again: 2.');
    await settled(app, ada);
    expect(await enrollmentOf(app, ada)).toMatchObject({ endReason: 'customer' });
    const shown = await runIn(app, 'accounts', 'show', domain, '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      domain,
      status: 'customer',
      owner: { key: 'lena', active: true },
      total: 2,
      leads: [{ id: grace, stage: 'customer' }, { id: ada }],
    });
    const { text } = await get(app.links.lead(ada, app.clock.now()));
    expect(text).toContain(`Analytical Engines (${domain}), customer, owned by Lena Vogt`);
  });

  it('says what there is none of', async () => {
    const { code, error } = await runIn(app, 'accounts', 'show', 'nwe.example');
    expect([code, error]).toEqual([
      1,
      expect.stringContaining('There is no account nwe.example. Did you mean "new.example"?'),
    ]);
  });
});
