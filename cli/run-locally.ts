import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { realClock } from '../engine/clock.ts';
import { importLeads } from '../intake/import-leads.ts';
import { setUp } from '../intake/set-up.ts';
import {
  httpService,
  postgresService,
  sandboxService,
  temporalService,
  workerService,
} from '../sandbox/local-services.ts';
import { oneClickBelow, sampleLeads } from '../sandbox/sample/leads.ts';
import { isPortFree, PortBusyError } from '../sandbox/servers/ports.ts';
import { postgresUrl } from '../sandbox/servers/postgres.ts';
import { Supervisor } from '../sandbox/supervisor.ts';
import {
  endLeftovers,
  forgetRun,
  openWorkspace,
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
import { keepRunning } from './keep-running.ts';
import type { UpReporter } from './up-reporter.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs everything on this machine, in a workspace. */
export async function runLocally(name: string, ports: Ports, reporter: UpReporter): Promise<void> {
  const workspace = await openWorkspace(home, name);
  await endLeftovers(workspace);
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
    async supervisor => {
      await start(workspace, ports, env, supervisor, reporter);
    },
    () => forgetRun(workspace.folder),
  );
}

async function start(
  workspace: Workspace,
  ports: Ports,
  env: Record<string, string>,
  supervisor: Supervisor,
  reporter: UpReporter,
): Promise<void> {
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
    const sources = { agreement: agreementFolder, templates: templatesFolder };
    const done = await setUp(database, sources, realClock.now());
    if (done.agreement.changed)
      reporter.progress(`agreement: version ${done.agreement.version} is active`);
    if (done.published.length > 0)
      reporter.progress(`sequences: published ${done.published.join(', ')}`);
    for (const draft of done.drafts)
      reporter.warning(
        `${draft} differs from what is live; put it live with \`npx lockstep sequence publish ${draft}\``,
      );
    await supervisor.start(sandboxService(workspace, ports, env));
    await supervisor.start(
      workerService(folder, env),
      httpService(folder, env, `http://localhost:${ports.http}`),
    );
    if (workspace.name === 'sample') await bringSampleLeads(workspace, database, reporter);
    reporter.ready(whereToLook(workspace.name, ports));
  } finally {
    await database.close();
  }
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

/** The first time, the sample has no leads yet. */
async function bringSampleLeads(
  workspace: Workspace,
  database: Database,
  reporter: UpReporter,
): Promise<void> {
  const leads = totalOf(await status(database));
  const active = await activeAgreement(database);
  if (leads > 0 || active === null) return;
  const at = realClock.now();
  const path = join(workspace.folder, 'leads.csv');
  await mkdir(workspace.folder, { recursive: true });
  await writeFile(path, sampleLeads(at));
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

function whereToLook(name: string, ports: Ports): string[] {
  const lines = [
    `  Pages        http://localhost:${ports.http}`,
    `  Inbox        http://localhost:${ports.inbox}   every mail that left, to leads and to reps`,
    `  Temporal UI  http://localhost:${ports.temporalUi}   one workflow for each lead`,
  ];
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
