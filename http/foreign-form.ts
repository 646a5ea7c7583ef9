import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Message } from './pages/layout.tsx';

/**
 * Whether a request was sent by a page of another site, as browsers tell: all of them name the origin of a form, and the
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

/** Refuses, in these routes, the forms of other sites; and what they answer is kept by nobody, as it is one visitor's. */
export function ownFormsOnly(server: FastifyInstance, publicUrl: string): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (request.method !== 'POST' || !isForeign(request, publicUrl)) return;
    const text = 'This form was sent by a page of another site. Nothing has changed.';
    return reply
      .code(403)
      .type('text/html')
      .send(Message({ title: 'Not from there', text }));
  });
}

/** For routes whose pages have forms that rest on a cookie, or set one. */
export const namedToThisSite = {
  helmet: { referrerPolicy: { policy: 'same-origin' as const } },
};
