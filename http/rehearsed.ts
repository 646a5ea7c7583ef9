import type { FastifyInstance } from 'fastify';

/** Says on every page that its past was played, and what that means for what else there is to look at. */
export function tellOfRehearsal(
  server: FastifyInstance,
  { from, to }: { from: string; to: string },
): void {
  const banner =
    `<aside class="rehearsed" aria-label="Rehearsed">Rehearsed: what happened from ${from} to ${to} was played with made-up people. ` +
    'Its workflows have clocks of their own: the Temporal UI shows later times than these pages.</aside>';
  server.addHook('onSend', async (_request, reply, payload) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    return isPage && typeof payload === 'string'
      ? payload.replace('<body>', `<body>${banner}`)
      : payload;
  });
}
