import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { storable } from '../../domain/document/text.ts';
import type { PersonId } from '../../domain/ids.ts';
import { addComment, commentsOn, longestComment, sentMail } from '../../store/comment.ts';
import { activePerson } from '../../store/person.ts';
import type { HttpContext } from '../context.ts';
import { namedToThisSite, ownFormsOnly } from '../foreign-form.ts';
import { CommentPage } from '../pages/comment.tsx';
import { refuseLink } from '../refuse-link.ts';
import { visitorOf } from '../session.ts';

interface Route {
  Params: { token: string };
}

const advice = {
  expired: 'Open the lead again, and follow the link beside the mail.',
  forged: 'It may have been cut off on its way. Please open it again from the page of the lead.',
};

const formSchema = z.object({
  text: z.string().transform(storable).pipe(z.string().trim().min(1).max(longestComment)),
});

/** A form is posted by hand. */
const rateLimit = { max: 30, timeWindow: 60_000 };

/**
 * What somebody says of a mail that a lead was sent, by the signed link beside it. GET shows, POST keeps it, in the name
 * of whoever is logged in; else of whose link it is.
 */
export async function commentRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { config, database, links, clock } = context;
  ownFormsOnly(server, config.http.publicUrl);

  const find = async (request: FastifyRequest<Route>) => {
    const purpose = links.open(request.params.token, clock.now());
    if ('refused' in purpose) return purpose.refused;
    const mail = purpose.kind === 'comment' ? await sentMail(database, purpose.send) : null;
    if (purpose.kind !== 'comment' || mail === null) return 'forged';
    const visitor = await visitorOf(context, request);
    return { mail, who: visitor ?? (await holderOf(purpose.person)) };
  };

  const holderOf = (person: PersonId | null) =>
    person === null ? null : activePerson(database, person);

  const show = async (
    request: FastifyRequest<Route>,
    reply: FastifyReply,
    { mail, who }: Exclude<Awaited<ReturnType<typeof find>>, string>,
    notice: string | null,
  ) => {
    const all = who === null ? [] : await commentsOn(database, mail.sequence);
    return reply.send(
      CommentPage({
        ...{ mail, notice, as: who?.name ?? null },
        comments: all.filter(comment => comment.mail === mail.mail),
        action: `/comment/${request.params.token}`,
      }),
    );
  };

  server.get<Route>('/comment/:token', namedToThisSite, async (request, reply) => {
    reply.type('text/html');
    const found = await find(request);
    if (typeof found === 'string') return refuseLink(reply, found, advice);
    return show(request, reply, found, null);
  });

  server.post<Route>(
    '/comment/:token',
    { ...namedToThisSite, config: { rateLimit } },
    async (request, reply) => {
      reply.type('text/html');
      const found = await find(request);
      if (typeof found === 'string') return refuseLink(reply, found, advice);
      if (found.who === null)
        return show(request, reply.code(403), found, 'Nothing was saved: log in first.');
      const given = formSchema.safeParse(request.body);
      if (!given.success) {
        const notice = `Nothing was saved: a comment has 1 to ${longestComment} characters.`;
        return show(request, reply.code(422), found, notice);
      }
      await addComment(database, found.mail, found.who.id, given.data.text, clock.now());
      return reply.redirect(`/comment/${request.params.token}`, 303);
    },
  );
}
