import { execFile } from 'node:child_process';
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

/** The same, with the configuration of what runs. */
export function runIn({ config }: Pick<App, 'config'>, ...words: string[]): Promise<Ran> {
  const { databaseUrl, temporal, sendgrid, http, secret, apiKey } = config;
  return run(words, {
    DATABASE_URL: databaseUrl,
    ...temporal.env,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SENDGRID_API_KEY: sendgrid.apiKey,
    SENDGRID_WEBHOOK_PUBLIC_KEY: sendgrid.webhookPublicKey,
    LOCKSTEP_PUBLIC_URL: http.publicUrl,
    LOCKSTEP_SECRET: secret,
    LOCKSTEP_API_KEY: apiKey,
  });
}
