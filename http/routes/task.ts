import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { workingWeek } from '../../domain/escalation/due.ts';
import { isLeadOfSales } from '../../domain/escalation/leading.ts';
import { talkFor } from '../../domain/escalation/talk.ts';
import { longestRemark } from '../../domain/task/task.ts';
import type { PersonId } from '../../domain/ids.ts';
import type { LinkRefusal } from '../../mail/links.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { leadStory } from '../../store/story.ts';
import { endTask, taskById, type Task } from '../../store/task.ts';
import type { HttpContext } from '../context.ts';
import { TaskPage } from '../pages/task.tsx';
import { refuseLink, wentOn } from '../refuse-link.ts';
import { visitorOf } from '../session.ts';

interface Route {
  Params: { token: string };
}

const formSchema = z.object({
  said: z.enum(['done', 'skipped'], 'press one of the buttons of the page.'),
  remark: z
    .string()
    .trim()
    .max(longestRemark, `the remark is longer than ${longestRemark} characters.`)
    .transform(text => (text === '' ? null : text))
    .default(null),
});

/** A task of a person, by the signed link of their mail or of their page. GET shows, POST says what became of it. */
export async function taskRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { database, links, clock, nudger } = context;

  /** Somebody else's by now is nobody's here. */
  const find = async (token: string): Promise<{ task: Task; isTheirs: boolean } | LinkRefusal> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    if (purpose.kind !== 'task') return 'forged';
    const task = await taskById(database, purpose.task);
    return task === null ? 'forged' : { task, isTheirs: task.person.id === purpose.person };
  };

  server.get<Route>('/t/:token', async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    if (!found.isTheirs) return passedOn(found.task, reply);
    return showTask(context, found.task, token, null, reply);
  });

  server.post<Route>('/t/:token', async (request, reply) => {
    const { token } = request.params;
    reply.type('text/html');
    const found = await find(token);
    if (typeof found === 'string') return refuse(reply, found);
    const { task, isTheirs } = found;
    if (!isTheirs) return passedOn(task, reply.code(409));
    const form = formSchema.safeParse(request.body);
    if (!form.success) {
      const why = form.error.issues[0]?.message ?? 'look at the page again.';
      return showTask(context, task, token, `Nothing was saved: ${why}`, reply.code(422));
    }
    const { said: state, remark } = form.data;
    const speaker = await speakerOf(context, request, task);
    const said = { id: task.id, state, remark, way: 'page', ...speaker } as const;
    const heard = await endTask(database, said, clock.now());
    if ('refused' in heard) {
      const now = (await taskById(database, task.id)) ?? task;
      if (heard.refused === 'not theirs') return passedOn(now, reply.code(409));
      return showTask(context, now, token, 'Nothing has changed.', reply.code(409));
    }
    if (heard.recorded) nudger.nudge([task.leadId]);
    return reply.redirect(`/t/${token}`, 303);
  });
}

/** Whoever leads sales and is logged in speaks for themselves, anybody else who has the link is whom it was asked of. */
async function speakerOf(
  context: HttpContext,
  request: FastifyRequest,
  { person }: Task,
): Promise<{ person: PersonId; leadsSales: boolean }> {
  const visitor = await visitorOf(context, request);
  return visitor !== null && isLeadOfSales(visitor)
    ? { person: visitor.id, leadsSales: true }
    : { person: person.id, leadsSales: false };
}

function passedOn({ person, state }: Task, reply: FastifyReply): unknown {
  return wentOn(reply, 'task', person.name, state === 'open');
}

async function showTask(
  { database, clock, links, talks }: HttpContext,
  task: Task,
  token: string,
  notice: string | null,
  reply: FastifyReply,
): Promise<unknown> {
  const at = clock.now();
  const [story, stored] = await Promise.all([
    leadStory(database, task.leadId, at),
    activeAgreement(database),
  ]);
  if (story === null || stored === null) return refuse(reply, 'forged');
  const page = {
    ...{ task, story, notice, action: `/t/${token}` },
    talk: talkFor(talks, task.segment),
    leadPage: links.lead(task.leadId, at),
    zone: workingWeek(stored.agreement, task.person.country).zone,
  };
  return reply.send(TaskPage(page));
}

function refuse(reply: FastifyReply, why: LinkRefusal): unknown {
  return refuseLink(reply, why, {
    expired: 'Look at it on the page "My leads".',
    forged: 'It may have been cut off on its way. Please use the link of the mail itself.',
  });
}
