import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { day, plus, type Instant } from '../domain/instant.ts';
import { mustBeReadable } from '../intake/import-file.ts';
import { setUp } from '../intake/set-up.ts';
import { readSequence } from '../mail/sequence-folder.ts';
import { readPersonas } from '../sandbox/people/schema.ts';
import { rehearse } from '../sandbox/rehearsal/rehearse.ts';
import { reportHtml } from '../sandbox/rehearsal/report/page.tsx';
import type { RehearsalReport } from '../sandbox/rehearsal/report/report.ts';
import type { Progress } from '../sandbox/rehearsal/conductor.ts';
import type { Faults } from '../sandbox/sendgrid/faults.ts';
import { sampleLeads } from '../sandbox/sample/leads.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { postgresService, temporalService, workerService } from '../sandbox/local-services.ts';
import { postgresUrl } from '../sandbox/servers/postgres.ts';
import { Supervisor } from '../sandbox/supervisor.ts';
import {
  clearWorkspace,
  forgetRun,
  ownIdentity,
  workspaceEnvironment,
  writeRun,
  type Ports,
  type Workspace,
} from '../sandbox/workspace.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/schema-engine.ts';
import { agreementFolder, home, personasFile, templatesFolder } from './open.ts';
import type { UpReporter } from './up-reporter.ts';

/** What a rehearsal plays. */
export interface Program {
  /** What it is called in the report. */
  title: string;
  /** A CSV file; null for the sample's leads. */
  leads: string | null;
  /** Everybody who is nurtured goes through this one; null for what the segments say. */
  sequence: string | null;
  /** A file of personas; null for those that come with Lockstep. */
  personas: string | null;
  seed: number;
  faults: Faults;
  from: Instant;
  days: number;
}

/** Plays a program in a workspace of its own, which is made anew, and stops everything afterwards. */
export async function runRehearsal(
  program: Program,
  reporter: UpReporter,
  signal: AbortSignal,
): Promise<{ report: RehearsalReport; file: string }> {
  await check(program);
  const workspace = await clearWorkspace(home(), 'rehearsal');
  const [http = 0, inbox = 0, postgres = 0, temporal = 0, temporalUi = 0] = await freePorts(5);
  const ports: Ports = { http, inbox, postgres, temporal, temporalUi };
  const url = postgresUrl({
    folder: workspace.folder,
    port: postgres,
    password: workspace.secrets.databasePassword,
  });
  const env = workspaceEnvironment(workspace, ports, url);
  const own = await ownIdentity();
  const failures: Error[] = [];
  const supervisor = new Supervisor(
    reporter,
    processes => writeRun(workspace.folder, { supervisor: own, processes, env }),
    error => failures.push(error),
  );
  try {
    await supervisor.start(
      postgresService(workspace, ports),
      temporalService(workspace, ports, line => reporter.progress(line)),
    );
    await prepare(url, program);
    await supervisor.start(workerService(workspace.folder, env));
    const to = plus(program.from, program.days * day);
    const report = await play(
      workspace,
      ports,
      env,
      program,
      { to, livesOn: false },
      reporter,
      signal,
    );
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    const file = join(workspace.folder, 'report.html');
    await writeFile(file, reportHtml(report));
    return { report, file };
  } finally {
    await supervisor.stop();
    await forgetRun(workspace.folder);
  }
}

/** Finds what is mistaken before anything is cleared or started. */
async function check({ leads, personas, sequence }: Program): Promise<void> {
  if (leads !== null) await mustBeReadable(leads);
  if (sequence !== null) await readSequence(templatesFolder, sequence);
  const file = personas ?? personasFile;
  await mustBeReadable(file);
  readPersonas(file, await readFile(file, 'utf8'), null);
}

/** Migrates, and puts live at the beginning what the folders hold. */
async function prepare(url: string, { from, sequence }: Program): Promise<void> {
  await migrate(url);
  const database = openDatabase(url, 4);
  try {
    const segments = sequence && [{ name: 'everyone', nurture: { C: sequence, D: sequence } }];
    await setUp(
      database,
      { agreement: agreementFolder, templates: templatesFolder, ...(segments ? { segments } : {}) },
      from,
    );
  } finally {
    await database.close();
  }
}

/** Plays on servers and a worker that run. */
export async function play(
  workspace: Workspace,
  ports: Ports,
  env: Record<string, string>,
  program: Program,
  { to, livesOn }: { to: Instant; livesOn: boolean },
  reporter: UpReporter,
  signal: AbortSignal,
): Promise<RehearsalReport> {
  const config = readConfig(env);
  const leads = program.leads ?? (await writeSample(workspace, program.from));
  return rehearse({
    ...{ config, leads, to, livesOn, signal },
    title: program.title,
    seed: program.seed,
    templates: templatesFolder,
    outbox: join(workspace.folder, 'sandbox', 'outbox.jsonl'),
    inboxPort: ports.inbox,
    webhookPrivateKey: workspace.secrets.webhookPrivateKey,
    personas: program.personas ?? personasFile,
    faults: program.faults,
    from: program.from,
    log: pino({ level: 'silent' }),
    onProgress: progress => reporter.busy(lineOf(progress, program.from, to)),
  });
}

async function writeSample({ folder }: Workspace, at: Instant): Promise<string> {
  const path = join(folder, 'leads.csv');
  await mkdir(folder, { recursive: true });
  await writeFile(path, sampleLeads(at));
  return path;
}

/** The line that is alive while time is played. */
function lineOf(progress: Progress, from: Instant, to: Instant): string {
  const { at, mails, clicks, escalations, accepted, rejected } = progress;
  const ofDay = (moment: Instant) => Math.floor((moment - from) / day);
  return (
    `day ${ofDay(at)} of ${ofDay(to)}: ${mails} mails, ${clicks} clicks, ` +
    `${escalations} escalations, ${accepted} accepted, ${rejected} rejected`
  );
}
