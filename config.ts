import { join } from 'node:path';
import { z } from 'zod';

/**
 * Everything that Lockstep reads from its environment, and the only place that reads it. The local
 * servers of a workspace are described by the same variables, so that a process never knows
 * whether what it talks to is embedded.
 */
const variables = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().min(1),
  SENDGRID_API_KEY: z.string().min(1),
  SENDGRID_WEBHOOK_PUBLIC_KEY: z.base64().min(1),
  LOCKSTEP_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  LOCKSTEP_SECRET: z.string().min(32),
  LOCKSTEP_API_KEY: z.string().min(16),
} as const;

const meaning: Record<keyof typeof variables, string> = {
  DATABASE_URL: 'a PostgreSQL 15 or newer, such as postgresql://user:password@host/lockstep',
  TEMPORAL_ADDRESS:
    'the Temporal cluster, such as host:7233 (TEMPORAL_TLS_*, TEMPORAL_API_KEY or a profile of temporal.toml say the rest)',
  SENDGRID_API_KEY: 'the key that mails are sent with',
  SENDGRID_WEBHOOK_PUBLIC_KEY: "the public key of SendGrid's signed event webhook",
  LOCKSTEP_PUBLIC_URL: 'where the pages are reached from outside, such as https://mail.example.com',
  LOCKSTEP_SECRET:
    'at least 32 random characters; signs the links in mails, and is in the address of inbound mail',
  LOCKSTEP_API_KEY: 'at least 16 random characters; lets your site and your CRM post to /v1',
};

const optional = z.object({
  LOCKSTEP_HTTP_HOST: z.string().default('127.0.0.1'),
  LOCKSTEP_HTTP_PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  /** Another host that speaks SendGrid's API: the sandbox, or the EU region. */
  SENDGRID_BASE_URL: z.url().optional(),
  /** Names the code that runs, and switches worker versioning on. */
  LOCKSTEP_BUILD_ID: z.string().optional(),
  LOCKSTEP_WORKSPACE: z.string().optional(),
  LOCKSTEP_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** How long a click is held before it counts, in seconds. */
  LOCKSTEP_CLICK_HOLD: z.coerce.number().min(0).max(600).default(60),
  /** Set for a local workspace: its pages may say where the local servers are. */
  LOCKSTEP_TEMPORAL_UI: z.url().optional(),
  LOCKSTEP_INBOX: z.url().optional(),
  /** The days whose story was played and not lived, such as 2026-08-28/2026-11-26. */
  LOCKSTEP_REHEARSED: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/)
    .optional(),
  /** The templates folder that the studio shows; without it there is no studio. `agreement/` is beside it. */
  LOCKSTEP_STUDIO: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
});

/** Who is told of every transition of an escalation; all of it may be left out. */
const hookVariables = [
  'LOCKSTEP_HOOK_URL',
  'LOCKSTEP_HOOK_SECRET',
  'LOCKSTEP_HOOK_PRIVATE',
] as const;

export interface Config {
  databaseUrl: string;
  temporal: { env: Environment; namespace: string; buildId: string | null };
  sendgrid: { apiKey: string; baseUrl: string | null; webhookPublicKey: string };
  http: { host: string; port: number; publicUrl: string };
  secret: string;
  apiKey: string;
  /** Null when nobody is told. */
  hook: { url: string; secret: string; mayBePrivate: boolean } | null;
  /** The templates folder that the studio shows; null where there is no studio. */
  studio: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  clickHoldMs: number;
  /** Null in production. */
  workspace: {
    name: string;
    temporalUi: string;
    inbox: string;
    /** The first and the last day of what was rehearsed in it, as ISO dates. */
    rehearsed: { from: string; to: string } | null;
  } | null;
}

/** Values of environment variables by name; `process.env`, or what a workspace stands for. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Something in the environment is missing or malformed; the message lists all of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function environment(): Environment {
  return process.env;
}

/** Whether npm started this process, as `npm start` does. */
export function isStartedByNpm(env: Environment = environment()): boolean {
  return Boolean(env.npm_lifecycle_event);
}

/** Where local workspaces are kept; `.lockstep` in the project unless LOCKSTEP_HOME says otherwise. */
export function workspacesHome(project: string, env: Environment = environment()): string {
  return env.LOCKSTEP_HOME ?? join(project, '.lockstep');
}

/** The variables whose presence says that a production configuration is meant. */
const productionSigns = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'SENDGRID_API_KEY'] as const;

/** Whether the environment describes production services, wholly or in part. */
export function isProduction(env: Environment = environment()): boolean {
  return productionSigns.some(name => Boolean(env[name]));
}

/**
 * Reads the whole configuration.
 * @throws ConfigError that lists every missing or malformed variable at once, with its meaning
 */
export function readConfig(env: Environment = environment()): Config {
  const complaints: string[] = [];
  for (const [name, schema] of Object.entries(variables) as [keyof typeof variables, z.ZodType][]) {
    const value = env[name];
    if (!value) complaints.push(`  ${name} is missing: ${meaning[name]}`);
    else if (!schema.safeParse(value).success)
      complaints.push(`  ${name} is not what it should be: ${meaning[name]}`);
  }
  complaints.push(...hookComplaints(env));
  const rest = optional.safeParse(env);
  for (const issue of rest.error?.issues ?? [])
    complaints.push(`  ${issue.path.join('.')}: ${issue.message}`);
  if (complaints.length > 0 || !rest.success)
    throw new ConfigError(
      `The configuration is not complete:\n${complaints.join('\n')}\n` +
        'Set what is listed, or unset DATABASE_URL, TEMPORAL_ADDRESS and SENDGRID_API_KEY to run everything on this machine.',
    );
  const given = z.object(variables).parse(env);
  const { data } = rest;
  return {
    databaseUrl: given.DATABASE_URL,
    temporal: { env, namespace: data.TEMPORAL_NAMESPACE, buildId: data.LOCKSTEP_BUILD_ID ?? null },
    sendgrid: {
      apiKey: given.SENDGRID_API_KEY,
      baseUrl: data.SENDGRID_BASE_URL ?? null,
      webhookPublicKey: given.SENDGRID_WEBHOOK_PUBLIC_KEY,
    },
    http: {
      host: data.LOCKSTEP_HTTP_HOST,
      port: data.LOCKSTEP_HTTP_PORT,
      publicUrl: given.LOCKSTEP_PUBLIC_URL.replace(/\/$/, ''),
    },
    secret: given.LOCKSTEP_SECRET,
    apiKey: given.LOCKSTEP_API_KEY,
    hook: hookOf(env),
    studio: data.LOCKSTEP_STUDIO ?? null,
    logLevel: data.LOCKSTEP_LOG_LEVEL,
    clickHoldMs: data.LOCKSTEP_CLICK_HOLD * 1000,
    workspace:
      data.LOCKSTEP_WORKSPACE === undefined
        ? null
        : {
            name: data.LOCKSTEP_WORKSPACE,
            temporalUi: data.LOCKSTEP_TEMPORAL_UI ?? '',
            inbox: data.LOCKSTEP_INBOX ?? '',
            rehearsed: periodOf(data.LOCKSTEP_REHEARSED),
          },
  };
}

function periodOf(text: string | undefined): { from: string; to: string } | null {
  const [from, to] = text?.split('/') ?? [];
  return from === undefined || to === undefined ? null : { from, to };
}

/** What is wrong with how the receiver of webhooks is given, a line each. */
function hookComplaints(env: Environment): string[] {
  const [url, secret, mayBePrivate] = hookVariables.map(name => env[name] || undefined);
  const complaints: string[] = [];
  if (url === undefined) {
    for (const name of ['LOCKSTEP_HOOK_SECRET', 'LOCKSTEP_HOOK_PRIVATE'])
      if (env[name])
        complaints.push(`  LOCKSTEP_HOOK_URL is missing: ${name} is of no use without it`);
  } else if (!isHookUrl(url, mayBePrivate === 'allow'))
    complaints.push(
      '  LOCKSTEP_HOOK_URL is not what it should be: where webhooks are posted to, such as https://crm.example.com/hooks (http:// only with LOCKSTEP_HOOK_PRIVATE=allow)',
    );
  if (url !== undefined && secret === undefined)
    complaints.push(`  LOCKSTEP_HOOK_SECRET is missing: ${hookSecretMeaning}`);
  if (secret !== undefined && !isHookSecret(secret))
    complaints.push(`  LOCKSTEP_HOOK_SECRET is not what it should be: ${hookSecretMeaning}`);
  if (mayBePrivate !== undefined && mayBePrivate !== 'allow')
    complaints.push(
      `  LOCKSTEP_HOOK_PRIVATE is "${mayBePrivate}": it is "allow" when webhooks may go to a private address, or it is left out`,
    );
  return complaints;
}

const hookSecretMeaning =
  'what webhooks are signed with: whsec_ and 24 to 64 random bytes in base64, such as "whsec_$(openssl rand -base64 32)"';

/** Leads are told about, so what is not encrypted stays in the house. */
function isHookUrl(text: string, mayBePrivate: boolean): boolean {
  const protocol = mayBePrivate ? /^https?$/ : /^https$/;
  return z.url({ protocol }).safeParse(text).success;
}

function isHookSecret(text: string): boolean {
  const [, base64] = /^whsec_(.*)$/.exec(text) ?? [];
  if (!z.base64().min(1).safeParse(base64).success) return false;
  const { length } = Buffer.from(base64 ?? '', 'base64');
  return length >= 24 && length <= 64;
}

/** The receiver, where nothing is wrong with how it is given. */
function hookOf(env: Environment): Config['hook'] {
  const { LOCKSTEP_HOOK_URL: url, LOCKSTEP_HOOK_SECRET: secret } = env;
  if (!url || !secret) return null;
  return { url, secret, mayBePrivate: env.LOCKSTEP_HOOK_PRIVATE === 'allow' };
}
