import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { FolderChanges } from '../../mail/folder-changes.ts';

/** More pages than anybody has open; whoever has waited for longest makes room. */
const most = 60;
/** A connection on which nothing moves is closed by the server after 30 s; in milliseconds. */
const aliveMs = 15_000;
/** What is saved within so many milliseconds is told once: editors write a file in several steps. */
const togetherMs = 30;

const askedSchema = z.object({
  /** The sequence that the page shows; all of them unless said. */
  of: z.string().max(100).default(''),
  /** The revision that the page was made from. */
  since: z.coerce.number().default(0),
});

/** Tells open pages, as server-sent events, that what they show has changed. */
export function changesRoute(server: FastifyInstance, changes: FolderChanges): void {
  const open = new Set<ServerResponse>();
  server.addHook('preClose', async () => {
    for (const answer of open) answer.end();
  });

  // No sequence has a dot in its name.
  server.get('/studio/.changes', { exposeHeadRoute: false }, async (request, reply) => {
    const asked = askedSchema.safeParse(request.query);
    if (!asked.success) return reply.code(422).send({ error: 'That cannot be asked.' });
    const { of, since } = asked.data;
    reply.hijack();
    const answer = reply.raw;
    answer.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    answer.write('retry: 1000\n\n');
    let told = since;
    const tell = () => {
      const revision = changes.revisionOf(of === '' ? null : of);
      if (revision <= told) return;
      told = revision;
      answer.write(`event: saved\ndata: ${revision}\n\n`);
    };
    let soon: NodeJS.Timeout | undefined;
    const forget = changes.onChange(() => (soon ??= setTimeout(tellSoon, togetherMs)));
    const tellSoon = () => {
      soon = undefined;
      tell();
    };
    const alive = setInterval(() => answer.write(': still here\n\n'), aliveMs);
    answer.once('close', () => {
      forget();
      clearInterval(alive);
      clearTimeout(soon);
      open.delete(answer);
    });
    for (const [first] of open.size < most ? [] : [[...open]]) first?.end();
    open.add(answer);
    // What was saved while the page was on its way.
    tell();
    return reply;
  });
}
