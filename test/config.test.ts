import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { hookSecret } from './hook/hook-receiver.ts';

const production = {
  DATABASE_URL: 'postgresql://lockstep@db/lockstep',
  TEMPORAL_ADDRESS: 'temporal:7233',
  SENDGRID_API_KEY: 'SG.key',
  SENDGRID_WEBHOOK_PUBLIC_KEY: 'AAAA',
  LOCKSTEP_PUBLIC_URL: 'https://mail.example.com',
  LOCKSTEP_SECRET: 'a secret of thirty-two characters',
  LOCKSTEP_API_KEY: 'an api key for tests',
};
const url = 'https://crm.example.com/hooks';
const hookOf = (given: Record<string, string>): Config['hook'] =>
  readConfig({ ...production, ...given }).hook;

describe('the receiver of webhooks', () => {
  it('is nobody, unless it is given', () => {
    expect(hookOf({})).toBeNull();
    expect(hookOf({ LOCKSTEP_HOOK_URL: '', LOCKSTEP_HOOK_SECRET: '' })).toBeNull();
  });

  it('is given by an address and a secret, and may be private where that is said', () => {
    const given = { LOCKSTEP_HOOK_URL: url, LOCKSTEP_HOOK_SECRET: hookSecret };
    expect(hookOf(given)).toEqual({ url, secret: hookSecret, mayBePrivate: false });
    const near = 'http://10.0.0.7:8080/';
    expect(
      hookOf({ ...given, LOCKSTEP_HOOK_URL: near, LOCKSTEP_HOOK_PRIVATE: 'allow' }),
    ).toMatchObject({ url: near, mayBePrivate: true });
  });

  it.each<[Record<string, string>, string]>([
    [{ LOCKSTEP_HOOK_URL: url }, 'LOCKSTEP_HOOK_SECRET is missing'],
    [{ LOCKSTEP_HOOK_SECRET: hookSecret }, 'LOCKSTEP_HOOK_URL is missing'],
    [{ LOCKSTEP_HOOK_PRIVATE: 'allow' }, 'LOCKSTEP_HOOK_URL is missing'],
    [{ LOCKSTEP_HOOK_URL: 'crm', LOCKSTEP_HOOK_SECRET: hookSecret }, 'LOCKSTEP_HOOK_URL is not'],
    [
      { LOCKSTEP_HOOK_URL: 'http://crm.example.com', LOCKSTEP_HOOK_SECRET: hookSecret },
      'http:// only with LOCKSTEP_HOOK_PRIVATE=allow',
    ],
    [
      { LOCKSTEP_HOOK_URL: 'ftp://a.example', LOCKSTEP_HOOK_SECRET: hookSecret },
      'LOCKSTEP_HOOK_URL is not',
    ],
    ...['secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'!'.repeat(44)}`, `${hookSecret}x`].map(
      (secret): [Record<string, string>, string] => [
        { LOCKSTEP_HOOK_URL: url, LOCKSTEP_HOOK_SECRET: secret },
        'whsec_ and 24 to 64 random bytes in base64',
      ],
    ),
    [
      { LOCKSTEP_HOOK_URL: url, LOCKSTEP_HOOK_SECRET: hookSecret, LOCKSTEP_HOOK_PRIVATE: 'yes' },
      'LOCKSTEP_HOOK_PRIVATE is "yes": it is "allow"',
    ],
  ])('%o is refused, and why', (given, why) => {
    expect(() => hookOf(given)).toThrow(ConfigError);
    expect(() => hookOf(given)).toThrow(why);
  });
});
