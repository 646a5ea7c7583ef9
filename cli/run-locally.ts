import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { DateTime } from 'luxon';
import { day, plus, type Instant } from '../domain/instant.ts';
import { realClock } from '../engine/clock.ts';
import { importLeads } from '../intake/import-leads.ts';
import { draftWaits, notLive, setUp } from '../intake/set-up.ts';
import {
  httpService,
  postgresService,
  sandboxService,
  temporalService,
  workerService,
} from '../sandbox/local-services.ts';
import {
  earlierSampleLeads,
  newcomer,
  oneClickBelow,
  sampleLeads,
} from '../sandbox/sample/leads.ts';
import { reportHtml } from '../sandbox/rehearsal/report/page.tsx';
import { summaryTable } from '../sandbox/rehearsal/summary.ts';
import { noFaults } from '../sandbox/sendgrid/faults.ts';
import { isPortFree, PortBusyError } from '../sandbox/servers/ports.ts';
import { postgresUrl } from '../sandbox/servers/postgres.ts';
import { Supervisor } from '../sandbox/supervisor.ts';
import {
  endLeftovers,
  forgetRun,
  clearWorkspace,
  openWorkspace,
  readRehearsal,
  writeRehearsal,
  ownIdentity,
  workspaceEnvironment,
  WorkspaceError,
  writeRun,
  type Ports,
  type Workspace,
} from '../sandbox/workspace.ts';
import { activeAgreement } from '../store/agreement.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { intakeProgress, intakeResult } from '../store/intake.ts';
import { migrate } from '../store/schema-engine.ts';
import { status, totalOf } from '../store/status.ts';
import { agreementFolder, home, templatesFolder, withOpen } from './open.ts';
import { play } from './run-rehearsal.ts';
import { keepRunning } from './keep-running.ts';
import type { UpReporter } from './up-reporter.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs everything on this machine, in a workspace. */
export async function runLocally(
  name: string,
  ports: Ports,
  rehearsedDays: number,
  reporter: UpReporter,
): Promise<void> {
  const workspace = await openUsable(name, reporter);
  await checkPorts(ports);
  const url = postgresUrl({
    folder: workspace.folder,
    port: ports.postgres,
    password: workspace.secrets.databasePassword,
  });
  const env = workspaceEnvironment(workspace, ports, url);
  const own = await ownIdentity();
  await writeRun(workspace.folder, { supervisor: own, processes: [], env });
  await keepRunning(
    reporter,
    processes => writeRun(workspace.folder, { supervisor: own, processes, env }),
    async (supervisor, signal) => {
      await start({ workspace, ports, env, supervisor, reporter, signal, rehearsedDays });
    },
    () => forgetRun(workspace.folder),
  );
}

interface Start {
  workspace: Workspace;
  ports: Ports;
  env: Record<string, string>;
  supervisor: Supervisor;
  reporter: UpReporter;
  signal: AbortSignal;
  /** How many days the sample has behind it when it is seen first. */
  rehearsedDays: number;
}

async function start(starting: Start): Promise<void> {
  const { workspace, ports, env, supervisor, reporter, rehearsedDays } = starting;
  const { folder } = workspace;
  await supervisor.start(
    postgresService(workspace, ports),
    temporalService(workspace, ports, line => reporter.progress(line)),
  );
  const config = readConfig(env);
  const applied = await migrate(config.databaseUrl);
  if (applied.length > 0) reporter.progress(`database: migrations applied: ${applied.length}`);
  const database = openDatabase(config.databaseUrl, 4);
  try {
    const isNew = workspace.name === 'sample' && totalOf(await status(database)) === 0;
    const isRehearsed = isNew && rehearsedDays > 0;
    const now = realClock.now();
    const from = isRehearsed ? plus(now, -rehearsedDays * day) : now;
    await putLive(database, from, reporter);
    const worker = workerService(folder, env);
    if (isRehearsed) {
      await supervisor.start(worker);
      await rehearseSample(starting, from);
      await supervisor.start(sandboxService(workspace, ports, env));
    } else {
      await supervisor.start(sandboxService(workspace, ports, env));
      await supervisor.start(worker);
    }
    const rehearsed = await rehearsedEnvironment(folder);
    const told = { ...env, ...rehearsed, LOCKSTEP_STUDIO: templatesFolder };
    await supervisor.start(httpService(folder, told, `http://localhost:${ports.http}`));
    if (isNew) {
      const leads = isRehearsed ? newcomer : sampleLeads;
      await bringLeads(workspace, database, leads(realClock.now()), reporter);
    }
    reporter.ready(whereToLook(workspace, ports, isRehearsed));
  } finally {
    await database.close();
  }
}

async function putLive(database: Database, at: Instant, reporter: UpReporter): Promise<void> {
  const sources = { agreement: agreementFolder, templates: templatesFolder };
  const done = await setUp(database, sources, at);
  if (done.agreement.changed)
    reporter.progress(`agreement: version ${done.agreement.version} is in force`);
  if (!done.agreement.saysTheSame) reporter.warning(draftWaits(done.agreement.version));
  if (done.published.length > 0)
    reporter.progress(`sequences: published ${done.published.join(', ')}`);
  for (const draft of done.drafts)
    reporter.warning(
      `${draft} differs from what is live; put it live with \`npx lockstep sequence publish ${draft}\``,
    );
  for (const draft of done.unpublished) reporter.warning(notLive(draft));
}

/** Opens the workspace and ends what a killed run left behind; a rehearsal that was cut off leaves nothing to go on with. */
async function openUsable(name: string, reporter: UpReporter): Promise<Workspace> {
  const workspace = await openWorkspace(home(), name);
  await endLeftovers(workspace);
  const rehearsal = await readRehearsal(workspace.folder);
  if (rehearsal === null || rehearsal.isOver) return workspace;
  reporter.progress('the last rehearsal was cut off: it begins anew');
  return clearWorkspace(home(), name);
}

/** Plays the sample's past, up to now; its leads go on living afterwards. */
async function rehearseSample(starting: Start, from: Instant): Promise<void> {
  const { workspace, ports, env, supervisor, reporter, signal, rehearsedDays } = starting;
  const { folder } = workspace;
  const to = realClock.now();
  const days = { from: dateOf(from), to: dateOf(to) };
  await writeRehearsal(folder, { ...days, isOver: false });
  const path = join(folder, 'earlier-leads.csv');
  await writeFile(path, earlierSampleLeads(from));
  const began = Date.now();
  reporter.progress(`rehearsing ${rehearsedDays} days of the sample program, in virtual time`);
  const program = {
    title: 'The sample program',
    ...{ leads: path, sequence: null, personas: null, faults: noFaults, seed: 1 },
    ...{ from, days: rehearsedDays },
  };
  const report = await supervisor.during(
    play(workspace, ports, env, program, { to, livesOn: true }, reporter, signal),
  );
  if (signal.aborted) return;
  await writeFile(join(folder, 'report.html'), reportHtml(report));
  await writeRehearsal(folder, { ...days, isOver: true });
  reporter.up(
    'rehearsal',
    `${rehearsedDays} days, ${report.forwards} wake-ups`,
    Date.now() - began,
  );
  if (reporter.json !== true) reporter.say(`\n${summaryTable(report)}\n`);
}

async function rehearsedEnvironment(folder: string): Promise<Record<string, string>> {
  const rehearsal = await readRehearsal(folder);
  return rehearsal === null ? {} : { LOCKSTEP_REHEARSED: `${rehearsal.from}/${rehearsal.to}` };
}

function dateOf(at: Instant): string {
  return DateTime.fromMillis(at).toISODate() ?? '';
}

async function checkPorts(ports: Ports): Promise<void> {
  const wanted = new Map<number, string>();
  for (const [port, purpose, option] of [
    [ports.http, 'pages', '--http-port'],
    [ports.inbox, 'inbox', '--inbox-port'],
    [ports.postgres, 'PostgreSQL', '--postgres-port'],
    [ports.temporal, 'Temporal', '--temporal-port'],
    [ports.temporalUi, 'Temporal UI', '--temporal-ui-port'],
  ] as const) {
    const other = wanted.get(port);
    if (other !== undefined)
      throw new WorkspaceError(
        `Port ${port} is wanted for ${other} and for ${purpose}; give one of them another, such as ${option} ${port + 100}.`,
      );
    wanted.set(port, purpose);
    if (!(await isPortFree(port))) throw new PortBusyError(port, purpose, option);
  }
}

/** Brings leads in as `lockstep leads import` does, and waits until each is in its place. */
async function bringLeads(
  workspace: Workspace,
  database: Database,
  csv: string,
  reporter: UpReporter,
): Promise<void> {
  const active = await activeAgreement(database);
  if (active === null) return;
  const at = realClock.now();
  const path = join(workspace.folder, 'leads.csv');
  await writeFile(path, csv);
  const options = {
    path,
    source: 'sample',
    cost: null,
    map: [],
    dryRun: false,
    onProgress: () => undefined,
  };
  const began = Date.now();
  const { importId } = await importLeads(database, active.agreement, options, at);
  await withOpen(workspace.name, ({ engine }) => engine.importIntake(importId, { shift: 0 }));
  for (;;) {
    const { done, total, finished } = await intakeProgress(database, importId);
    if (finished) break;
    reporter.busy(`sample leads: ${done} of ${total} graded`);
    await sleep(200);
  }
  const { grades, escalated, enrolled, resting } = await intakeResult(database, importId);
  const sequences = Object.entries(enrolled).map(([name, count]) => `${count} in ${name}`);
  reporter.up(
    'sample leads',
    `${grades.A} A, ${grades.B} B, ${grades.C} C, ${grades.D} D; ${escalated} with sales, ${sequences.join(', ')}, ${resting} at rest`,
    Date.now() - began,
  );
}

function whereToLook({ name, folder }: Workspace, ports: Ports, isRehearsed: boolean): string[] {
  const lines = [
    `  Pages        http://localhost:${ports.http}`,
    `  Studio       http://localhost:${ports.http}/studio   sequences and their mails, as you save them`,
    `  Inbox        http://localhost:${ports.inbox}   every mail that left, to leads and to reps`,
    `  Temporal UI  http://localhost:${ports.temporalUi}   one workflow for each lead`,
  ];
  if (isRehearsed)
    lines.push(`  Report       ${join(folder, 'report.html')}   the rehearsed days, in pictures`);
  if (name === 'sample')
    lines.push(
      '',
      `  One click brings ${oneClickBelow} over the line: open his mail in the inbox and click.`,
    );
  else
    lines.push(
      '',
      `  Bring your leads in: npx lockstep leads import leads.csv --source fair --workspace ${name}`,
    );
  lines.push('', '  Ctrl-C stops everything in order.');
  return lines;
}
