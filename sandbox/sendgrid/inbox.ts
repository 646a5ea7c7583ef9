import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Message } from '../../http/pages/layout.tsx';
import type { Dropped } from './dropped.ts';
import { linksOf, withCountedLinks, type MailLink } from './links.ts';
import type { Outbox, StoredMail } from './outbox.ts';
import { ClickedPage, isMadeUp } from './pages/clicked.tsx';
import { InboxPage } from './pages/inbox.tsx';
import { MailPage, type View } from './pages/mail.tsx';
import type { Reader } from './reader.ts';

interface InboxOptions {
  outbox: Outbox;
  dropped: Dropped;
  reader: Reader;
  pagesUrl: string;
}

const pageSize = 50;
/** What a reader answers who is played. */
const readersWords = 'Thank you, that sounds interesting. Can we talk next week?';

/** Pages to read what was sent, with buttons that play what a reader may do. */
export async function inboxRoutes(
  server: FastifyInstance,
  { outbox, dropped, reader, pagesUrl }: InboxOptions,
): Promise<void> {
  const pico = readFileSync(
    createRequire(import.meta.url).resolve('@picocss/pico/css/pico.min.css'),
    'utf8',
  );
  const own = readFileSync(new URL('../../http/assets/lockstep.css', import.meta.url), 'utf8');
  const inboxCss = readFileSync(new URL('pages/inbox.css', import.meta.url), 'utf8');
  server.get('/assets/pico.css', async (_request, reply) => reply.type('text/css').send(pico));
  server.get('/assets/lockstep.css', async (_request, reply) =>
    reply.type('text/css').send(own + inboxCss),
  );

  server.get<{ Querystring: { page?: string; q?: string } }>('/', async ({ query }, reply) => {
    const found = outbox.find(query.q ?? '');
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    const page = Math.min(pages, Math.max(1, Math.floor(Number(query.page)) || 1));
    reply.type('text/html');
    return InboxPage({
      mails: found.slice((page - 1) * pageSize, page * pageSize),
      page,
      pages,
      count: found.length,
      dropped: dropped.all().length,
      query: query.q?.trim() ?? '',
      pagesUrl,
    });
  });

  server.get<MailRoute>('/mail/:id', async ({ params, query }, reply) => {
    reply.type('text/html');
    const mail = outbox.read(params.id);
    if (mail === null) return missing(reply);
    const view: View = query.view === 'text' || query.view === 'headers' ? query.view : 'html';
    return MailPage({
      mail,
      view,
      links: linksOf(mail.html ?? ''),
      played: query.played ?? null,
      canAnswer: reader.canAnswer,
      pagesUrl,
    });
  });

  // The HTML part alone, for the frame that shows it; it may run nothing.
  server.get<MailRoute>('/mail/:id/body', async ({ params }, reply) => {
    const mail = outbox.read(params.id);
    if (mail === null) return missing(reply.type('text/html'));
    const counted = (link: MailLink) => `/click/${mail.id}/${link.index}`;
    return reply
      .type('text/html')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; font-src *",
      )
      .send(
        withCountedLinks(mail.html ?? '', counted).replace(
          /<head>/i,
          '<head><base target="_blank">',
        ),
      );
  });

  // Click tracking, as the real service does it: the link counts and leads on.
  server.get<{ Params: { id: string; index: string } }>(
    '/click/:id/:index',
    async ({ params }, reply) => {
      const mail = outbox.read(params.id);
      const link =
        mail && linksOf(mail.html ?? '').find(({ index }) => index === Number(params.index));
      if (mail === null || link === null || link === undefined)
        return missing(reply.type('text/html'));
      reader.click(mail, link);
      if (!isMadeUp(link.url)) return reply.redirect(link.url, 302);
      return reply
        .type('text/html')
        .send(ClickedPage({ url: link.url, mailId: mail.id, pagesUrl }));
    },
  );

  server.post<MailRoute & { Body: { play?: string } }>(
    '/mail/:id/play',
    async ({ params, body }, reply) => {
      const mail = outbox.read(params.id);
      if (mail === null) return missing(reply.type('text/html'));
      const what = await play(mail, body.play ?? '', reader);
      return reply.redirect(`/mail/${mail.id}?played=${encodeURIComponent(what)}`, 303);
    },
  );
}

interface MailRoute {
  Params: { id: string };
  Querystring: { view?: string; played?: string };
}

function missing(reply: FastifyReply): unknown {
  return reply.code(404).send(Message({ title: 'No such mail', text: 'It is not in this inbox.' }));
}

/** Plays what a reader, or a mail server, does with a mail. Returns what was played, in words. */
async function play(mail: StoredMail, what: string, reader: Reader): Promise<string> {
  const [verb, index] = what.split(' ');
  switch (verb) {
    case 'open':
    case 'scan':
    case 'block':
    case 'bounce':
    case 'complain':
      reader[verb](mail);
      return verb;
    case 'reply':
      return (await reader.reply(mail, readersWords)) ? verb : 'nothing, nobody took the answer';
    case 'outOfOffice':
      return (await reader.outOfOffice(mail)) ? 'out of office' : 'nothing, nobody took the answer';
    case 'click': {
      const link = linksOf(mail.html ?? '').find(candidate => candidate.index === Number(index));
      if (link === undefined) return 'nothing, there is no such link';
      reader.click(mail, link);
      return verb;
    }
    case 'leave':
      return (await reader.leave(mail)) ? verb : 'nothing, there was no way to leave';
    default:
      return 'nothing';
  }
}
