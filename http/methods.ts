import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Finds out which methods each path is asked with, from now on.
 * @param refuse answers a request with another method, before its body is read; told what may be asked, as the header
 *   `Allow` has it
 * @returns to be called once every route is there
 */
export function otherMethods(
  server: FastifyInstance,
  refuse: (request: FastifyRequest, reply: FastifyReply, allowed: string) => unknown,
): () => void {
  const paths = new Map<string, string[]>();
  server.addHook('onRoute', ({ url, method }) => {
    paths.set(url, (paths.get(url) ?? []).concat(method));
  });
  return () => {
    for (const [url, taken] of [...paths]) {
      const allowed = taken.join(', ');
      server.route({
        method: server.supportedMethods.filter(method => !taken.includes(method)),
        url,
        onRequest: async (request, reply) => refuse(request, reply, allowed),
        handler: async () => undefined,
      });
    }
  };
}
