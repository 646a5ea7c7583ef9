import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isForeign } from '../foreign-form.ts';
import { Message } from '../pages/layout.tsx';
import type { StudioContext } from './context.ts';

/** This machine, by the names that it has for itself. */
const own = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;
/** What a request says that somebody else has handed on. */
const handedOn = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Whether nobody but this machine can ask a server: it listens for nobody else, and nothing in front of it hands on
 * what others ask.
 */
export function isOfThisMachine({ host, publicUrl }: { host: string; publicUrl: string }): boolean {
  return own.test(host) && own.test(new URL(publicUrl).hostname);
}

/**
 * Lets in whoever may see what leads are: on a machine of one's own whoever sits at it, elsewhere marketers and those
 * who lead a team, once they have logged in.
 */
export function guard(
  server: FastifyInstance,
  { visitorOf, publicUrl }: Pick<StudioContext, 'visitorOf' | 'publicUrl'>,
): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const refuse = (title: string, text: string) =>
      reply.code(403).type('text/html').send(Message({ title, text }));
    if (visitorOf === null) {
      // A page elsewhere whose name was turned to this machine would be asked by that name.
      if (!isFromHere(request))
        return refuse('Not from there', 'The studio is open to the machine that it runs on alone.');
      if (isForeign(request, publicUrl))
        return refuse(
          'Not from there',
          'This was asked by a page of another site. Open the studio by its own address.',
        );
      return;
    }
    if (request.method === 'POST' && isForeign(request, publicUrl))
      return refuse('Not from there', 'This form was sent by a page of another site.');
    const visitor = await visitorOf(request);
    if (visitor === null) return reply.redirect('/login', 303);
    if (visitor.role === 'marketer' || visitor.role === 'head') return;
    return refuse('Not for you', 'The studio is for marketers and for the heads of both teams.');
  });
}

function isFromHere({ raw: { headers, socket } }: FastifyRequest): boolean {
  const name = /^(.*?)(:\d+)?$/.exec(headers.host ?? '')?.[1] ?? '';
  const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return own.test(name) && own.test(from) && !handedOn.some(header => header in headers);
}
