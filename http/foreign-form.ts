import type { FastifyRequest } from 'fastify';

/**
 * Whether a form was sent by a page of another site, as browsers tell: all of them name the origin of a form, and the
 * newer ones also say what it is to this site. Who names neither is no browser, and has no cookie that others could
 * make use of.
 *
 * Pages with such forms must let their origin be named to this site (`Referrer-Policy: same-origin`): under
 * `no-referrer` a browser names none, and `null` is what a page that hides itself is called, too.
 * @param publicUrl where this site is reached
 */
export function isForeign({ headers }: FastifyRequest, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && origin !== new URL(publicUrl).origin;
}

/** For routes whose pages have forms that rest on a cookie, or set one. */
export const namedToThisSite = {
  helmet: { referrerPolicy: { policy: 'same-origin' as const } },
};
