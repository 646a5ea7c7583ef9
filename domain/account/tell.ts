import type { AccountStatus } from './status.ts';

/** What is told of an account in one line. */
export interface ToldAccount {
  domain: string;
  name: string | null;
  status: AccountStatus | null;
  owner: { name: string; active: boolean } | null;
}

/** An account in one line: `Analytical Engines (example.com), customer, owned by Lena Vogt`. */
export function tellAccount({ domain, name, status, owner }: ToldAccount): string {
  const called = name === null ? domain : `${name} (${domain})`;
  const left = owner?.active === false ? ', who has left' : '';
  const owned = owner === null ? 'owned by nobody' : `owned by ${owner.name}${left}`;
  return [called, status, owned].filter(part => part !== null).join(', ');
}
