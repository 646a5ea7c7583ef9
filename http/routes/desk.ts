import type { FastifyInstance } from 'fastify';
import { workingWeek } from '../../domain/escalation/due.ts';
import { day, plus } from '../../domain/instant.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { openDesk, pastDesk } from '../../store/desk.ts';
import { openTasks } from '../../store/task.ts';
import type { Visitor } from '../../store/login.ts';
import { awayAt } from '../../store/time-off.ts';
import type { HttpContext } from '../context.ts';
import { namedToThisSite } from '../foreign-form.ts';
import { DeskPage } from '../pages/desk.tsx';
import { Message } from '../pages/layout.tsx';
import { visitorOf } from '../session.ts';

/** How long what has ended is shown. */
const shownMs = 30 * day;

/**
 * What is with sales, for whoever is logged in: a rep's own leads and tasks; all of them for those who lead a team, and for
 * marketing, which reads and does not answer.
 */
export async function deskRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { database, links, clock } = context;
  server.get('/my', namedToThisSite, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const visitor = await visitorOf(context, request);
    if (visitor === null) return reply.redirect('/login', 303);
    reply.type('text/html');
    const stored = await activeAgreement(database);
    if (stored === null)
      return Message({
        title: 'Not yet',
        text: 'No agreement is in force, so no lead is with sales.',
      });
    const { agreement } = stored;
    const at = clock.now();
    const owner = seesAll(visitor) ? null : visitor.id;
    const [open, tasks, past, away] = await Promise.all([
      openDesk(database, owner),
      openTasks(database, owner),
      pastDesk(database, owner, plus(at, -shownMs)),
      awayAt(database, at),
    ]);
    return DeskPage({
      visitor,
      whose: owner === null ? 'all' : 'own',
      open: open.leads,
      total: open.total,
      tasks,
      past,
      away,
      at,
      zone: workingWeek(agreement, visitor.country).zone,
      weekOf: country => workingWeek(agreement, country),
      linkTo: {
        open: ({ assignment, leadId }) =>
          visitor.team === 'sales' ? links.escalation(assignment, at) : links.lead(leadId, at),
        past: ({ leadId }) => links.lead(leadId, at),
        task: ({ id, person, leadId }) =>
          visitor.team === 'sales' ? links.task(id, person.id, at) : links.lead(leadId, at),
      },
    });
  });
}

function seesAll({ role }: Visitor): boolean {
  return role !== 'rep' && role !== 'telesales';
}
