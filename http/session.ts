import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LoginId } from '../domain/ids.ts';
import { second } from '../domain/instant.ts';
import { sessionMs } from '../mail/links.ts';
import { visitorBy, type Visitor } from '../store/login.ts';
import type { HttpContext } from './context.ts';

type Parts = Pick<HttpContext, 'config' | 'database' | 'links' | 'clock'>;

/** Who is logged in, or null. A cookie that is forged, too old, or of somebody who left is none. */
export async function visitorOf(
  { config, database, links, clock }: Parts,
  { cookies }: FastifyRequest,
): Promise<Visitor | null> {
  const token = cookies[cookieName(config)];
  if (token === undefined) return null;
  const purpose = links.open(token, clock.now());
  return 'kind' in purpose && purpose.kind === 'session'
    ? visitorBy(database, purpose.login)
    : null;
}

/** Has the browser remember that somebody logged in. */
export function remember(
  { config, links, clock }: Omit<Parts, 'database'>,
  reply: FastifyReply,
  login: LoginId,
): void {
  const options = { ...cookieOptions(config), maxAge: sessionMs / second };
  reply.setCookie(cookieName(config), links.session(login, clock.now()), options);
}

export function forget({ config }: Pick<Parts, 'config'>, reply: FastifyReply): void {
  reply.clearCookie(cookieName(config), cookieOptions(config));
}

type Config = HttpContext['config'];

/** A cookie of this name is set by this very host alone, and over HTTPS (RFC 6265bis, section 4.1.3.2). */
function cookieName(config: Config): string {
  return isSecure(config) ? '__Host-lockstep' : 'lockstep';
}

/** Sent along when a link leads here, and with no form of another site. */
function cookieOptions(config: Config): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(config) };
}

function isSecure({ http }: Config): boolean {
  return http.publicUrl.startsWith('https:');
}
