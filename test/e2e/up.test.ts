import { createServer } from 'node:net';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerTuning } from '../../engine/tuning.ts';
import { freePorts } from '../../sandbox/servers/ports.ts';
import { identify, processesIn } from '../../sandbox/servers/process-identity.ts';
import {
  databaseOf,
  eventually,
  lockstep,
  makePlace,
  processesWith,
  recorded,
  removePlace,
  start,
  startProduction,
  stop,
  type LocalRun,
} from './local.ts';

let place: Awaited<ReturnType<typeof makePlace>>;
let run: LocalRun;
beforeAll(async () => {
  place = await makePlace();
  run = await start(place);
}, 120_000);
afterAll(async () => {
  if (run.process.exitCode === null && run.process.signalCode === null) await stop(run);
  await removePlace(place);
});

const jonas = 'jonas.weber@hansa-metall.example';
interface Shown {
  grade: string;
  score: {
    grade: string;
    fit: number;
    engagement: number;
    lines: { axis: string; points: number }[];
  };
  escalation: { owner: string } | null;
  timeline: { what: string; detail: string | null }[];
}
const show = (address: string) => lockstep(place, 'leads', 'show', address) as Promise<Shown>;
interface Counts {
  nurturing: number;
  paused: number;
  blocked: number;
  escalated: number;
  resting: number;
  waiting: number;
}
const status = async (workspace = 'sample') => {
  const { mail, ...counts } = (await lockstep(
    place,
    'ops',
    'status',
    '--workspace',
    workspace,
  )) as Counts & { mail: string };
  expect(mail).toBe('on');
  return counts;
};
const report = async () =>
  (await (await fetch(`${run.inbox}/sandbox/report`)).json()) as {
    accepted: number;
    repeated: unknown[];
  };

async function isRunning(pid: number): Promise<boolean> {
  return (await identify(pid)) !== null;
}

/** The mail in the inbox to an address, by its id; null as long as there is none. */
async function mailTo(address: string): Promise<string | null> {
  for (let page = 1; page < 20; page++) {
    const html = await (await fetch(`${run.inbox}/?page=${page}`)).text();
    const row = html.split('<tr>').find(part => part.includes(address));
    const id = /\/mail\/([\w-]+)/.exec(row ?? '')?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

describe('npm start', () => {
  it('brings everything up, one line each, with the sample leads graded and in their places', async () => {
    expect(
      run.lines
        .map(({ up }) => up)
        .filter(Boolean)
        .toSorted(),
    ).toEqual(
      ['HTTP', 'PostgreSQL', 'SendGrid sandbox', 'Temporal', 'sample leads', 'worker'].toSorted(),
    );
    const counts = await status();
    expect(Object.keys(counts)).toEqual([
      'nurturing',
      'paused',
      'blocked',
      'escalated',
      'resting',
      'waiting',
    ]);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(240);
    expect(counts.nurturing).toBeGreaterThan(150);
    expect(counts.escalated).toBeGreaterThan(10);
    await eventually(report, ({ accepted }) => accepted > counts.nurturing);
    expect(await (await fetch(run.pages)).text()).toContain('Where things stand');
  });

  it('takes a click in the inbox over the line: an escalation, whose page explains it to the point', async () => {
    const id = await eventually(
      () => mailTo(jonas),
      found => found !== null,
    );
    const link = /\/click\/[\w-]+\/0/.exec(
      await (await fetch(`${run.inbox}/mail/${id}/body`)).text(),
    )?.[0];
    await fetch(`${run.inbox}${link ?? ''}`, { redirect: 'manual' });
    const shown = await eventually(
      () => show(jonas),
      ({ escalation }) => escalation !== null,
    );
    expect(shown.score.grade).toBe('B');
    for (const axis of ['fit', 'engagement'] as const)
      expect(
        shown.score.lines
          .filter(line => line.axis === axis)
          .reduce((sum, { points }) => sum + points, 0),
      ).toBe(shown.score[axis]);
    const repMail = await eventually(
      async () =>
        (await (await fetch(`${run.inbox}/`)).text())
          .split('<tr>')
          .find(part => part.includes('B lead: Jonas Weber')) ?? '',
      row => row !== '',
    );
    const mail = await (
      await fetch(`${run.inbox}${/\/mail\/[\w-]+/.exec(repMail)?.[0] ?? ''}?view=text`)
    ).text();
    const page = /(http:\/\/localhost:\d+\/e\/[\w.-]+)#accept/.exec(mail)?.[1] ?? '';
    const html = await (await fetch(page)).text();
    for (const part of ['Jonas Weber', 'Crossed the line', 'click', 'webinar attended', 'Accept'])
      expect(html).toContain(part);
  });

  it('refuses a second run of the same workspace, and names the page of the first', async () => {
    await expect(start(place)).rejects.toThrow(
      /is running already \(process \d+\). Its pages are at http:\/\/localhost:\d+/,
    );
  });

  it('names a port that is busy, and what to do', async () => {
    const [port = 0] = (await makePlace()).ports;
    const squatter = createServer();
    await new Promise<void>(resolve => squatter.listen(port, '127.0.0.1', resolve));
    const other = await makePlace();
    await expect(start({ ...other, ports: [port, ...other.ports.slice(1)] })).rejects.toThrow(
      `Port ${port} (pages) is in use by another process. Stop that process, or choose another port with --http-port`,
    );
    squatter.close();
    await removePlace(other);
  });

  it('uses the services that the environment names, and starts none of its own', async () => {
    const [port = 0] = await freePorts(1);
    const production = await startProduction(run, port);
    expect(
      production.lines
        .map(({ up }) => up)
        .filter(Boolean)
        .toSorted(),
    ).toEqual(['HTTP', 'worker']);
    // To strangers the front page says nothing.
    expect(await (await fetch(`http://localhost:${port}`)).text()).toContain(
      'This server answers links in mails.',
    );
    expect(await stop(production)).toBe(0);
  });

  it('lets ops pause and resume by what they name, and says how many before', async () => {
    const say = (...words: string[]) =>
      lockstep(place, 'ops', ...words) as Promise<{ matched: number }>;
    const { nurturing } = await status();
    const few = ['--sequence', 'd-long-cycle'];
    const { matched } = await say('pause', ...few, '--dry-run');
    expect(matched).toBeGreaterThan(10);
    expect(matched).toBeLessThan(nurturing);
    expect((await status()).paused).toBe(0);
    await say('pause', ...few);
    await eventually(status, ({ paused }) => paused === matched);
    await say('resume', ...few);
    await eventually(status, ({ paused }) => paused === 0);
    expect((await status()).nurturing).toBe(nurturing);
  });

  it('starts again what is killed, and no mail goes out twice', async () => {
    const [worker] = await processesWith(run, 'worker.ts');
    process.kill(worker ?? 0, 'SIGKILL');
    await eventually(
      async () => (await processesWith(run, 'worker.ts')).filter(pid => pid !== worker),
      pids => pids.length === 1,
    );
    expect((await report()).repeated).toEqual([]);
  });

  it('goes on after it was killed as a whole: nothing lost, nothing twice, nothing left behind', async () => {
    const csv = join(place.home, 'more.csv');
    const rows = Array.from(
      { length: 60 },
      (_, n) => `more-${n}@more-${n}.example,Plant Manager,manufacturing,500,DE`,
    );
    await writeFile(csv, `Email,Title,Industry,Employees,Country\n${rows.join('\n')}\n`);
    const before = await report();
    const imported = lockstep(place, 'leads', 'import', csv, '--source', 'more').catch(() => null);
    await eventually(report, ({ accepted }) => accepted > before.accepted + 5);
    // Mails are on their way: the worker and the one who watches over it are killed together.
    const [worker] = await processesWith(run, 'worker.ts');
    const processes = await recorded(run);
    run.process.kill('SIGKILL');
    process.kill(worker ?? 0, 'SIGKILL');
    await run.exited;
    run = await start(place);
    await imported;
    // What ran before has ended, PostgreSQL and Temporal too.
    for (const { pid } of processes)
      expect((await recorded(run)).map(other => other.pid)).not.toContain(pid);
    const after = (await lockstep(place, 'leads', 'import', csv, '--source', 'more')) as {
      unchanged: number;
      intake: { enrolled: Record<string, number> };
    };
    expect(after.unchanged).toBe(60);
    expect(after.intake.enrolled).toEqual({ 'c-nurture': 60 });
    // A call that was cut off is never made again: the ledger says which, at most what the worker makes at once.
    const database = await databaseOf(run);
    const unknown = () => database.send.count({ where: { state: 'unknown' } });
    const arrived = async () => (await report()).accepted - before.accepted + (await unknown());
    await eventually(arrived, count => count >= 60, 60_000);
    expect(await unknown()).toBeLessThanOrEqual(workerTuning.maxConcurrentActivityTaskExecutions);
    await database.close();
    expect((await report()).repeated).toEqual([]);
  }, 180_000);

  it('stops in order on Ctrl-C, and leaves no process behind', async () => {
    const processes = await recorded(run);
    expect(processes).toHaveLength(5);
    expect(await stop(run)).toBe(0);
    for (const { pid } of processes) expect(await isRunning(pid)).toBe(false);
    await expect(readFile(join(place.home, 'sample', 'run.json'))).rejects.toThrow('ENOENT');
    await expect(lockstep(place, 'ops', 'status')).rejects.toThrow(
      'is not running. Start it in another terminal',
    );
  });

  it.each(['PostgreSQL', 'Temporal', 'SendGrid sandbox'])(
    'stops when it is told to before everything is up: just after %s',
    async part => {
      const begun = await start(place, 'mine', undefined, ({ up }) => up === part);
      expect(await stop(begun)).toBe(0);
      expect(begun.lines.some(({ ready }) => ready === true)).toBe(false);
      await expect(readFile(join(place.home, 'mine', 'run.json'))).rejects.toThrow('ENOENT');
      for (const pid of await processesIn(join(place.home, 'mine'))) expect(pid).toBeNull();
    },
  );

  it('opens an empty workspace for leads of one’s own, and stops in order when its npm is ended', async () => {
    run = await start(place, 'mine', ['npm', 'start', '--silent', '--']);
    expect(Object.values(await status('mine'))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await (await fetch(run.pages)).text()).toContain('No leads yet');
    const processes = await recorded(run);
    run.process.kill('SIGTERM');
    await eventually(
      () => Promise.all(processes.map(({ pid }) => isRunning(pid))),
      running => !running.includes(true),
    );
    // Whoever ended them takes the note of them away last.
    await eventually(
      () =>
        access(join(place.home, 'mine', 'run.json')).then(
          () => true,
          () => false,
        ),
      isThere => !isThere,
    );
  }, 120_000);
});
