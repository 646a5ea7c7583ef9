import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentId, LeadId, VersionId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { carryOverAll } from '../../store/carry-over.ts';
import { newId } from '../../store/database.ts';
import { publicationsOf, publishVersion, rollBack } from '../../store/publication.ts';
import { claimSend } from '../../store/send.ts';
import { currentVersion, type StoredVersion } from '../../store/sequence-version.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead, stepsOf } from '../nurtured.ts';
import { aLead, bestFit, enrollmentOf, settled } from '../program.ts';
import { runIn } from './run.ts';

const name = 'c-nurture';

let app: App;
let shipped: StoredVersion;
beforeAll(async () => {
  app = await startApp('now');
  shipped = await live();
});
afterAll(() => app.stop());

const sequence = (...words: string[]) => runIn(app, 'sequence', ...words);
const told = async (...words: string[]) =>
  JSON.parse((await sequence(...words, '--json')).out) as Record<string, unknown>;
const now = () => app.clock.now();

async function live(): Promise<StoredVersion> {
  const version = await currentVersion(app.database, name);
  if (version === null) throw new Error('It was never published.');
  return version;
}

/** The shipped sequence with another subject of one of its mails. */
function withSubject(mail: string, subject: string) {
  const { content } = shipped;
  const plan = content.plan.map(step =>
    step.do === 'mail' && step.mail === mail ? { ...step, subject } : step,
  );
  const own = content.mails[mail];
  const mails = { ...content.mails, ...(own && { [mail]: { ...own, subject } }) };
  return { ...content, plan, mails };
}

/** Where a mail of the shipped plan stands. */
const at = (mail: string) =>
  shipped.content.plan.findIndex(step => step.do === 'mail' && step.mail === mail);

/** Leads that stand at a step, without workflows. */
async function standing(version: VersionId, cursor: number, count: number): Promise<LeadId[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const leadId = await aLead(app, bestFit);
      const [id, moment] = [newId<EnrollmentId>(), new Date(now())];
      const times = { dueAt: moment, createdAt: moment };
      await app.database.transaction(async session => {
        const data = { id, leadId, versionId: version, originKey: newId(), cursor, ...times };
        await session.enrollment.create({ data });
        await session.openSlot.create({ data: { leadId, enrollmentId: id } });
      });
      return leadId;
    }),
  );
}

describe('a sequence', () => {
  it('is listed with what is live, whether its folder says something else, and who owns it', async () => {
    const { out } = await sequence('list');
    expect(out).toMatch(/c-nurture +version 1 +as published +0 +nora/);
    expect((await sequence('diff', name)).out).toContain(
      'c-nurture: the folder does the same as version 1.',
    );
  });

  it('is checked without anything running, for a CI job', async () => {
    expect((await sequence('publish', name, '--check')).out).toContain('can be published');
    const { code, out, error } = await sequence('publish', name, 'c-nuture', '--check', '--json');
    expect([code, error]).toEqual([1, expect.stringContaining('c-nuture cannot be published')]);
    expect(JSON.parse(out)).toMatchObject([
      { name, publishable: true },
      { publishable: false, findings: [{ rule: 'form', severity: 'error', line: 1 }] },
    ]);
    expect(await publicationsOf(app.database, name)).toHaveLength(1);
  });

  it('of which two are published at the same moment goes to one, and the other is told', async () => {
    const publishing = { expected: shipped.version };
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map(subject =>
        publishVersion(
          app.database,
          name,
          withSubject('05-whom-should-i-ask', subject),
          now(),
          publishing,
        ),
      ),
    );
    const lost = results.filter(result => result.status === 'rejected');
    expect(lost).toHaveLength(3);
    for (const { reason } of lost)
      expect(String(reason)).toMatch(
        /PublishedMeanwhileError: c-nurture was not published: version 1 was live when you looked, and now version 2 is, published on .* UTC\. See what it changed with `npx lockstep sequence diff c-nurture`/,
      );
    expect(await publicationsOf(app.database, name)).toMatchObject([
      { n: 2, version: 2, by: null },
      { n: 1, version: 1, by: { key: 'nora' } },
    ]);
    const { code, error } = await sequence('publish', name, '--expect', '1');
    expect([code, error]).toEqual([1, expect.stringContaining('now version 2 is')]);
  });

  it('says what is another in words, who is under way where, and shows the mails beside each other', async () => {
    const lead = await aNurturedLead(app);
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-diff-'));
    const page = join(folder, 'diff.html');
    const { out } = await sequence('diff', name, '--html', page);
    expect(out).toMatch(
      /the folder against version 2:\n {2}- 05-whom-should-i-ask: its subject is "Am I writing to the right person\?"\n {4}instead of "[a-d]"/,
    );
    expect(out).toContain('Under way on version 2: 1 lead; 1 at 02-what-a-stop-costs.');
    const html = await readFile(page, 'utf8');
    await rm(folder, { recursive: true });
    expect(html.match(/<iframe/g)).toHaveLength(4);
    expect(html).not.toMatch(/<script|prefers-color-scheme: dark\) \{ body/);
    expect(html).toContain('Am I writing to the right person?');
    expect(await told('diff', name, '--from', '1', '--to', '2')).toMatchObject({
      ...{ from: 1, to: 2 },
      changes: [
        { path: ['05-whom-should-i-ask', 'subject'], before: 'Am I writing to the right person?' },
      ],
      underWay: [
        { version: 2, open: 1 },
        { version: 1, open: 0 },
      ],
    });
  });

  it('is published, and who has not reached what changed is moved along; others keep theirs (P5)', async () => {
    const lead = (await app.database.openSlot.findFirstOrThrow()).leadId as LeadId;
    const { id: second } = await live();
    const [late] = await standing(second, at('05-whom-should-i-ask'), 1);
    const [busy] = await standing(second, at('03-three-plants'), 1);
    const early = await standing(second, at('02-what-a-stop-costs'), 3);
    if (late === undefined || busy === undefined) throw new Error('Nobody is there.');
    const dispatch = {
      ...{ enrollmentId: (await enrollmentOf(app, busy)).id as EnrollmentId, leadId: busy },
      ...{ stepKey: '03-three-plants', contentKey: `${name}/03-three-plants` },
      ...{ caps: [{ mails: 9, since: instant(0) }], at: now() },
    };
    expect(await claimSend(app.database, { ...dispatch, versionId: second })).not.toBeNull();
    const stays = [
      { why: 'came to 05-whom-should-i-ask', version: 2, open: 1 },
      { why: 'a mail is on its way', version: 2, open: 1 },
    ];
    const dry = JSON.parse(
      (await sequence('publish', name, '--migrate', '--dry-run', '--json')).out,
    ) as unknown;
    expect(dry).toMatchObject([{ published: false, instead: 2, carryOver: { moves: 4 } }]);
    expect((await live()).version).toBe(2);
    const done = JSON.parse(
      (await sequence('publish', name, '--migrate', '--json')).out,
    ) as object[];
    expect(done).toMatchObject([{ version: 1, migrated: 4, carryOver: { moves: 4 } }]);
    for (const stay of stays)
      expect(done[0]).toHaveProperty('carryOver.stays', expect.arrayContaining([stay]));
    await settled(app, lead);
    for (const moved of [lead, ...early])
      expect(await enrollmentOf(app, moved)).toMatchObject({
        ...{ versionId: shipped.id, cursor: at('02-what-a-stop-costs'), endedAt: null },
      });
    for (const kept of [late, busy])
      expect(await enrollmentOf(app, kept)).toMatchObject({ versionId: second });
    // Nothing is sent anew by it (P1).
    expect(await stepsOf(app, lead)).toEqual(['01-welcome']);
    expect((await sequence('publish', name, '--migrate')).out).toMatch(
      /does what version 1 does[^]*version 1 is live already, 0 leads under way were moved to it/,
    );
  });

  it('is delivered as it was, or moved along, and never half of both', async () => {
    const { id: version } = await publishVersion(
      app.database,
      name,
      withSubject('05-whom-should-i-ask', 'race'),
      now(),
    );
    const leads = await standing(shipped.id, at('02-what-a-stop-costs'), 24);
    const claim = async (leadId: LeadId) =>
      claimSend(app.database, {
        ...{ enrollmentId: (await enrollmentOf(app, leadId)).id as EnrollmentId, leadId },
        ...{ versionId: shipped.id, stepKey: 'x', contentKey: `${name}/x` },
        ...{ caps: [{ mails: 9, since: instant(0) }], at: now() },
      });
    const { content } = await live();
    const [claims] = await Promise.all([
      Promise.all(leads.map(claim)),
      carryOverAll(app.database, name, version, content, now(), async () => undefined),
    ]);
    for (const [index, lead] of leads.entries()) {
      const { versionId } = await enrollmentOf(app, lead);
      expect(versionId).toBe(claims[index] === null ? version : shipped.id);
    }
    // Whoever publishes meanwhile ends it.
    await rollBack(app.database, name, shipped.id, now());
    const told = async () => undefined;
    expect(await carryOverAll(app.database, name, version, content, now(), told)).toBe(0);
  });

  it('goes back to what was live before, which its history tells', async () => {
    const before = await publicationsOf(app.database, name);
    const dry = await sequence('rollback', name, '--dry-run');
    expect(dry.out).toContain('Version 3 of c-nurture, instead of version 1:');
    expect(dry.out).toContain('This was a dry run');
    expect(await publicationsOf(app.database, name)).toEqual(before);
    const { out } = await sequence('rollback', name, '--to', '2', '--by', 'nora');
    expect(out).toContain('version 2 is live again');
    expect((await live()).version).toBe(2);
    for (const [words, complaint] of [
      [['--to', '2'], 'Version 2 of c-nurture is live already.'],
      [['--to', '9'], 'Version 9 of c-nurture was never live. Known: 1, 3.'],
      [['--by', 'nola'], 'Nobody has the key "nola". Did you mean "nora"?'],
    ] as const)
      expect((await sequence('rollback', name, ...words)).error).toContain(complaint);
    const history = await sequence('history', name);
    expect(history.out).toMatch(
      /2 again +Nora Lindqvist +\d+ +\d+ +05-whom-should-i-ask: its subject/,
    );
    expect(await told('history', name)).toMatchObject([
      { n: 6, version: 2, kind: 'rolled back', by: { key: 'nora' } },
      { n: 5, version: 1, kind: 'rolled back' },
      { n: 4, version: 3 },
      { n: 3, version: 1, kind: 'published', by: { key: 'nora' } },
      { n: 2, version: 2 },
      { n: 1, version: 1, changes: 'the first' },
    ]);
    expect((await sequence('history', 'c-nuture')).error).toContain('was never published');
    expect((await sequence('list')).out).toMatch(/c-nurture +version 2 +changed/);
  });
});
