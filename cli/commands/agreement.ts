import { DateTime } from 'luxon';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../../store/database.ts';
import { agreementHeads, type AgreementHead } from '../../store/agreement.ts';

/** What a command about the agreement cannot do, and what to do instead. */
export class AgreementError extends Error {
  override readonly name = 'AgreementError';
}

/** Every version, the newest first, and the one in force. */
export async function versionsOf(
  database: Database,
): Promise<{ heads: AgreementHead[]; active: AgreementHead }> {
  const heads = await agreementHeads(database);
  const active = heads.find(({ state }) => state === 'active');
  if (active === undefined)
    throw new AgreementError(
      'No agreement is in force yet; `npm start` puts the one in agreement/ into force.',
    );
  return { heads, active };
}

/** The version with a number, or `fallback` when none is given. @throws AgreementError */
export function versionIn(
  heads: readonly AgreementHead[],
  number: number | undefined,
  fallback: AgreementHead | undefined,
): AgreementHead {
  const found = number === undefined ? fallback : heads.find(({ version }) => version === number);
  if (found !== undefined) return found;
  const numbers = heads.map(({ version }) => version);
  throw new AgreementError(
    number === undefined
      ? 'There is no draft; change agreement/ and run `npx lockstep agreement propose`.'
      : `There is no version ${number}; there are ${Math.min(...numbers)} to ${Math.max(...numbers)}.`,
  );
}

/** The newest version, while it is a draft. */
export function draftIn([newest]: readonly AgreementHead[]): AgreementHead | undefined {
  return newest?.state === 'draft' ? newest : undefined;
}

/** `26 Nov 2026, 14:05`, in UTC. */
export function day(at: Instant): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat('d LLL yyyy, HH:mm');
}
