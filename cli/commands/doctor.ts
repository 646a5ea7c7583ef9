import { Command } from 'commander';
import colors from 'picocolors';
import { ConfigError, environment, isProduction, readConfig } from '../../config.ts';
import { inboundAddress } from '../../http/inbound-address.ts';
import { findPostgres } from '../../sandbox/servers/postgres-binaries.ts';
import { isPortFree } from '../../sandbox/servers/ports.ts';
import { isAlive } from '../../sandbox/servers/process-identity.ts';
import { findTemporal } from '../../sandbox/servers/temporal-binary.ts';
import { isRoot } from '../../sandbox/servers/unprivileged.ts';
import { listWorkspaces, readRun } from '../../sandbox/workspace.ts';
import { join } from 'node:path';
import { home } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption } from './options.ts';

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
}

export function command(): Command {
  return new Command('doctor')
    .description('say what is found on this machine, what is missing, and how to get it')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep doctor')
    .action(async (options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const findings = [
        node(),
        await postgres(),
        await temporal(),
        ...(await ports()),
        ...(await workspaces()),
        ...configuration(),
      ];
      terminal.result(findings);
      for (const { name, ok, detail } of findings)
        terminal.say(`${ok ? colors.green('✔') : colors.red('✘')} ${name.padEnd(15)} ${detail}`);
      if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}

function node(): Finding {
  const user = isRoot() ? ', run by root: PostgreSQL runs as nobody' : '';
  return { name: 'Node', ok: true, detail: `${process.versions.node}${user}` };
}

async function postgres(): Promise<Finding> {
  const name = 'PostgreSQL';
  try {
    const { version, postgres: path } = await findPostgres();
    return { name, ok: true, detail: `${version}, ${path}` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function temporal(): Promise<Finding> {
  const found = await findTemporal();
  const detail =
    found === null
      ? 'not on this machine yet; `npm start` fetches it (45 to 60 MB), or install the Temporal CLI 1.9 or newer'
      : `${found.version}, ${found.origin}`;
  return { name: 'Temporal', ok: true, detail };
}

async function ports(): Promise<Finding[]> {
  const usual = {
    pages: 3000,
    inbox: 3025,
    PostgreSQL: 54_320,
    Temporal: 7233,
    'Temporal UI': 8233,
  };
  const running = await runningWorkspaces();
  return Promise.all(
    Object.entries(usual).map(async ([what, port]) => {
      const free = await isPortFree(port);
      const option = `--${what.toLowerCase().replace('pages', 'http').replace('postgresql', 'postgres').replace(' ', '-')}-port`;
      const detail = free
        ? 'free'
        : running.length > 0
          ? `in use; ${running.join(', ')} is running`
          : `in use by another program; stop it, or start with ${option}`;
      return { name: `port ${port}`, ok: free || running.length > 0, detail: `${what}: ${detail}` };
    }),
  );
}

async function runningWorkspaces(): Promise<string[]> {
  const names = await listWorkspaces(home());
  const running = await Promise.all(
    names.map(async name => {
      const run = await readRun(join(home(), name));
      return run !== null && (await isAlive(run.supervisor)) ? name : null;
    }),
  );
  return running.filter(name => name !== null);
}

async function workspaces(): Promise<Finding[]> {
  const running = await runningWorkspaces();
  const names = await listWorkspaces(home());
  const detail = names
    .map(name => `${name}${running.includes(name) ? ' (running)' : ''}`)
    .join(', ');
  return [
    { name: 'workspaces', ok: true, detail: detail || 'none yet; `npm start` makes "sample"' },
  ];
}

function configuration(): Finding[] {
  const name = 'configuration';
  if (!isProduction())
    return [{ name, ok: true, detail: 'none in the environment: everything runs on this machine' }];
  try {
    const { http, secret } = readConfig(environment());
    const inbound = inboundAddress(http.publicUrl, secret);
    return [
      { name, ok: true, detail: 'complete, for production' },
      // A secret, which whoever sets SendGrid up needs, and who knows this environment could work out.
      { name: 'Inbound Parse', ok: true, detail: `posts to ${inbound}` },
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ name, ok: false, detail: error.message }];
  }
}
