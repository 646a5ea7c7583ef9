import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { workingWeek } from '../../domain/escalation/due.ts';
import { openDesk } from '../../store/desk.ts';
import { loopReview } from '../../store/loop.ts';
import type { HttpContext } from '../context.ts';
import { Message } from '../pages/layout.tsx';
import { LoopPage, periods } from '../pages/loop.tsx';
import { visitorOf } from '../session.ts';

const askedSchema = z.object({
  days: z
    .enum(periods.map(String), 'This page is of the last 7, 30 or 90 days.')
    .transform(Number)
    .default(periods[0]),
});

/** Both sides of the loop, for whoever of either team is logged in. It shows, and changes nothing. */
export async function loopRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { database, links, clock } = context;
  server.get('/loop', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const visitor = await visitorOf(context, request);
    if (visitor === null) return reply.redirect('/login', 303);
    reply.type('text/html');
    const asked = askedSchema.safeParse(request.query);
    if (!asked.success) {
      const text = asked.error.issues.map(({ message }) => message).join(' ');
      return reply.code(422).send(Message({ title: 'No such page', text }));
    }
    const at = clock.now();
    const { days } = asked.data;
    const [review, open] = await Promise.all([
      loopReview(database, days, at),
      openDesk(database, null),
    ]);
    if (review === null)
      return Message({
        title: 'Not yet',
        text: 'No agreement is in force, so nothing was promised.',
      });
    const { agreement } = review;
    return LoopPage({
      visitor,
      days,
      review,
      open,
      zone: workingWeek(agreement, visitor.country).zone,
      weekOf: country => workingWeek(agreement, country),
      linkTo: ({ assignment, leadId, owner }) =>
        owner.id === visitor.id ? links.escalation(assignment, at) : links.lead(leadId, at),
    });
  });
}
