import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { LoginId } from '../../domain/ids.ts';
import { minute } from '../../domain/instant.ts';
import { addressSchema } from '../../domain/lead/address-schema.ts';
import { loginLinkMs } from '../../mail/links.ts';
import { logIn, loginState, logOut } from '../../store/login.ts';
import type { HttpContext } from '../context.ts';
import { namedToThisSite, ownFormsOnly } from '../foreign-form.ts';
import { LinkMailed, LoginButton, LoginPage, NoLogin } from '../pages/login.tsx';
import { forget, remember, visitorOf } from '../session.ts';

interface Route {
  Params: { token: string };
}

const formSchema = z.object({ address: z.string().max(320).pipe(addressSchema) });

const timeWindow = 60_000;
/** Forms a minute from one address of the network. */
const asking = { ...namedToThisSite, config: { rateLimit: { max: 10, timeWindow } } };
const entering = { ...namedToThisSite, config: { rateLimit: { max: 60, timeWindow } } };

/** How long mails may take to go out when the server stops, in milliseconds. */
const drainMs = 3_000;

/** Why a link logs nobody in. */
type Refusal = 'expired' | 'used' | 'forged';

/** The login that a link is of, and why it logs nobody in, if it does not. */
type Found = { login: null; refused: Refusal } | { login: LoginId; refused: 'used' | null };

const refusals: Readonly<Record<Refusal, { status: number; title: string; text: string }>> = {
  expired: {
    status: 410,
    title: 'This link is too old',
    text: 'A link works for a quarter of an hour, so that nobody finds one in an old mail.',
  },
  used: {
    status: 410,
    title: 'This link was used',
    text: 'A link works once, so that nobody uses it after you.',
  },
  forged: {
    status: 404,
    title: 'This link does not work',
    text: 'It may have been cut off on its way, or you are not in the list of people any more.',
  },
};

/** Logging in by a mailed link, and out. GET shows, POST acts; a form of another site does nothing. */
export async function loginRoutes(server: FastifyInstance, context: HttpContext): Promise<void> {
  const { config, database, links, clock, loginMailer } = context;

  ownFormsOnly(server, config.http.publicUrl);
  server.addHook('onClose', () => loginMailer.drainWithin(drainMs));

  const find = async (token: string): Promise<Found> => {
    const purpose = links.open(token, clock.now());
    if ('refused' in purpose) return { login: null, refused: purpose.refused };
    if (purpose.kind !== 'login') return { login: null, refused: 'forged' };
    const { login } = purpose;
    const state = await loginState(database, login);
    if (state === null) return { login: null, refused: 'forged' };
    return { login, refused: state === 'used' ? 'used' : null };
  };

  server.get('/login', namedToThisSite, async (request, reply) => {
    if ((await visitorOf(context, request)) !== null) return reply.redirect('/my', 303);
    return reply.type('text/html').send(LoginPage({ notice: null }));
  });

  server.post('/login', asking, async ({ body }, reply) => {
    reply.type('text/html');
    const given = formSchema.safeParse(body);
    if (!given.success) {
      const [issue] = given.error.issues;
      const notice = `That is no address to mail to: ${issue?.code === 'custom' ? issue.message : 'it is blank or too long'}.`;
      return reply.code(422).send(LoginPage({ notice }));
    }
    loginMailer.ask(given.data.address);
    const inbox = config.workspace?.inbox ?? null;
    return reply.send(LinkMailed({ minutes: loginLinkMs / minute, inbox }));
  });

  server.get<Route>('/login/:token', namedToThisSite, async ({ params: { token } }, reply) => {
    reply.type('text/html');
    const { refused } = await find(token);
    if (refused !== null) return refuse(reply, refused);
    return reply.send(LoginButton({ action: `/login/${token}` }));
  });

  server.post<Route>('/login/:token', entering, async (request, reply) => {
    reply.type('text/html');
    const { login, refused } = await find(request.params.token);
    if (login === null) return refuse(reply, refused);
    if (await logIn(database, login, clock.now())) {
      remember(context, reply, login);
      return reply.redirect('/my', 303);
    }
    // Whoever presses twice is in by the first time.
    const isIn = (await visitorOf(context, request))?.login === login;
    return isIn ? reply.redirect('/my', 303) : refuse(reply, 'used');
  });

  server.post('/logout', namedToThisSite, async (request, reply) => {
    const visitor = await visitorOf(context, request);
    if (visitor !== null) await logOut(database, visitor.login, clock.now());
    forget(context, reply);
    return reply.redirect('/login', 303);
  });
}

function refuse(reply: FastifyReply, why: Refusal): unknown {
  const { status, title, text } = refusals[why];
  return reply.code(status).send(NoLogin({ title, text }));
}
