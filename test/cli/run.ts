import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import pLimit from 'p-limit';
import { vi } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import type { App } from '../app.ts';

/** What a command came to. */
export interface Ran {
  code: number;
  out: string;
  error: string;
}

/** Runs `lockstep` as a person would, with an environment of its own. */
export function run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const { PATH, HOME } = process.env;
  return new Promise(resolve => {
    execFile(
      process.execPath,
      ['cli/lockstep.mjs', ...words],
      { env: { PATH, HOME, ...env } },
      (failure, out, error) =>
        resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, out, error }),
    );
  });
}

/** The same, in this process, with the configuration of what runs. */
export function runIn({ config }: Pick<App, 'config'>, ...words: string[]): Promise<Ran> {
  const { databaseUrl, temporal, sendgrid, http, secret, apiKey } = config;
  return runHere(words, {
    DATABASE_URL: databaseUrl,
    ...temporal.env,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SENDGRID_API_KEY: sendgrid.apiKey,
    ...(sendgrid.baseUrl === null ? {} : { SENDGRID_BASE_URL: sendgrid.baseUrl }),
    SENDGRID_WEBHOOK_PUBLIC_KEY: sendgrid.webhookPublicKey,
    LOCKSTEP_PUBLIC_URL: http.publicUrl,
    LOCKSTEP_SECRET: secret,
    LOCKSTEP_API_KEY: apiKey,
  });
}

/** One after the other: a process has one environment and one output. */
const inTurn = pLimit(1);

/**
 * Runs a command in this process: to start another and load everything in it takes ten times as long as most commands
 * do.
 */
export function runHere(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  return inTurn(() => withEnvironment(words, env));
}

async function withEnvironment(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const before = process.env;
  const [out, error] = [listenTo(process.stdout), listenTo(process.stderr)];
  process.env = { PATH: before.PATH, HOME: before.HOME, ...env };
  try {
    return { code: await runCommand(words), out: out.told(), error: error.told() };
  } finally {
    process.env = before;
    out.stop();
    error.stop();
  }
}

/** What is written to a stream, in place of writing it; without colors, as where there is no terminal. */
function listenTo(stream: NodeJS.WriteStream) {
  const parts: string[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation(part => {
    parts.push(String(part));
    return true;
  });
  return { told: () => stripVTControlCharacters(parts.join('')), stop: () => spy.mockRestore() };
}
