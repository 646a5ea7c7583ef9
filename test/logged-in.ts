import type { Address } from '../domain/lead/address.ts';
import { day } from '../domain/instant.ts';
import { askToLogIn, logIn } from '../store/login.ts';
import type { App } from './app.ts';

/** The cookie of a person who has logged in, by their key. */
export async function cookieOf(
  app: Pick<App, 'clock' | 'database' | 'links'>,
  key: string,
): Promise<string> {
  const at = app.clock.now();
  const { address } = await app.database.person.findUniqueOrThrow({ where: { key } });
  const limits = { sinceMs: 0, keptMs: 31 * day };
  const asked = await askToLogIn(app.database, address as Address, limits, at);
  if (asked?.login == null) throw new Error(`${key} cannot log in.`);
  await logIn(app.database, asked.login, at);
  return `lockstep=${app.links.session(asked.login, at)}`;
}
