import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LeadId } from '../../domain/ids.ts';
import { normalizeAddress } from '../../domain/lead/address.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { compiledName, fileOf, type MailInstruction } from '../../domain/sequence/plan.ts';
import { inScheme } from '../../mail/color-scheme.ts';
import { isBroken } from '../../mail/drafts.ts';
import { edgeCases, type EdgeCase } from '../../mail/edge-cases.ts';
import { previewOf } from '../../mail/preview.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';
import { commentsOn } from '../../store/comment.ts';
import { mailLead } from '../../store/mail-lead.ts';
import { looks } from '../pages/studio/mail-made.tsx';
import { MailPage, type ShownMail } from '../pages/studio/mail.tsx';
import { BrokenPage } from '../pages/studio/sequence.tsx';
import { noMail, noSequence, ofMail, ofStudio } from '../studio/answers.ts';
import { ask, type StudioContext } from '../studio/context.ts';
import { findingsOfMail, mailsOf } from '../studio/steps.ts';

interface Route {
  Params: { name: string; mail: string };
}

/** In place of a lead's id, where no lead has the address that was asked for. */
const nobody = 'nobody';

const askedSchema = z.object({
  lead: z.string().max(40).catch('').default(''),
  variant: z.string().max(100).catch('').default(''),
  look: z.enum(looks).catch('light').default('light'),
});

/** The mails of a sequence, as a lead gets them. */
export async function studioMailRoutes(
  server: FastifyInstance,
  context: StudioContext,
): Promise<void> {
  const { drafts, changes } = context;

  server.get<Route>('/studio/:name/:mail', ofStudio, async ({ params, query }, reply) => {
    const { name, mail } = params;
    const watched = { of: name, revision: changes.revisionOf(name) };
    const draft = await drafts.draft(name);
    reply.type('text/html');
    if (draft === null) return noSequence(reply, context, name);
    if (isBroken(draft)) return BrokenPage({ draft, watched });
    const mails = mailsOf(draft, mail);
    const names = namesOf(draft);
    const [first] = mails;
    if (first === undefined) return noMail(reply, context, name, mail, names);
    const asked = askedSchema.parse(query);
    const lead = await chosenLead(context, draft, asked.lead);
    const variants = mails.flatMap(({ variant }) => (variant === undefined ? [] : [variant.name]));
    const chosen = mails.find(({ variant }) => variant?.name === asked.variant) ?? first;
    const isAll = asked.variant === 'all' && variants.length > 1;
    const said = await ask(context, database => commentsOn(database, name));
    const place = names.indexOf(mail);
    return MailPage({
      ...{ sequence: name, mail, variants, watched, look: asked.look },
      shown: (isAll ? mails : [chosen]).map(one => shownMail(draft, one, lead.as)),
      variant: isAll ? 'all' : (chosen.variant?.name ?? ''),
      lead: lead.as,
      examples: examplesOf(draft),
      noLeads: 'none' in said ? said.none : null,
      comments: 'none' in said ? [] : said.answer.filter(comment => comment.mail === mail),
      notice: lead.notice,
      beside: { before: names[place - 1] ?? null, after: names[place + 1] ?? null },
    });
  });

  server.get<Route>('/studio/:name/:mail/mail.html', ofMail, async ({ params, query }, reply) => {
    const draft = await drafts.draft(params.name);
    reply.type('text/html');
    if (draft === null || isBroken(draft)) return noSequence(reply, context, params.name);
    const mails = mailsOf(draft, params.mail);
    const asked = askedSchema.parse(query);
    const mail = mails.find(({ variant }) => variant?.name === asked.variant) ?? mails[0];
    if (mail === undefined) return noMail(reply, context, params.name, params.mail, []);
    const { as } = await chosenLead(context, draft, asked.lead);
    const made = previewOf(draft, compiledName(mail), as);
    if ('blocked' in made) return 'This mail cannot be made for this lead.';
    const html = inScheme(made.html, asked.look === 'dark' ? 'dark' : 'light');
    return html.replace(/<head[^>]*>/i, head => `${head}<base target="_blank">`);
  });

  // No address stands in a URL: the page that is shown then is that of the lead's id.
  server.post<Route & { Body: unknown }>(
    '/studio/:name/:mail/lead',
    ofStudio,
    async ({ params: { name, mail }, body }, reply) => {
      const told = z.object({ address: z.string().max(400).catch('') }).safeParse(body);
      const { variant, look } = askedSchema.parse(body ?? {});
      const read = normalizeAddress(told.data?.address ?? '');
      const found =
        'reason' in read ? null : await ask(context, database => mailLead(database, read));
      const lead = (found !== null && 'answer' in found && found.answer?.id) || nobody;
      const page = `/studio/${encodeURIComponent(name)}/${encodeURIComponent(mail)}`;
      const asked = new URLSearchParams({ lead, look, ...(variant === '' ? {} : { variant }) });
      return reply.redirect(`${page}?${asked.toString()}`, 303);
    },
  );
}

/** The mails that a sequence sends, each once, in the order of its plan. */
function namesOf({ content: { plan } }: SequenceDraft): string[] {
  return [...new Set(plan.flatMap(step => (step.do === 'mail' ? [step.mail] : [])))];
}

function shownMail(draft: SequenceDraft, mail: MailInstruction, lead: EdgeCase): ShownMail {
  const linted = draft.linted.mails.find(({ name }) => name === fileOf(mail));
  return {
    variant: mail.variant?.name ?? null,
    made: previewOf(draft, compiledName(mail), lead),
    file: linted?.file ?? `${fileOf(mail)}.mjml`,
    source: linted?.source ?? '',
    findings: findingsOfMail(draft, mail),
  };
}

function examplesOf({ sample }: SequenceDraft): EdgeCase[] {
  return edgeCases(sample ?? noFields);
}

/** Whom a mail is shown as: an example, or somebody who is a lead. */
async function chosenLead(
  context: StudioContext,
  draft: SequenceDraft,
  key: string,
): Promise<{ as: EdgeCase; notice: string | null }> {
  const examples = examplesOf(draft);
  const [first] = examples;
  const example = examples.find(each => each.key === key) ?? null;
  if (example !== null) return { as: example, notice: null };
  if (first === undefined) throw new Error('There is no example to show a mail as.');
  if (key === '') return { as: first, notice: null };
  const id = z.uuid().safeParse(key);
  const found = id.success
    ? await ask(context, database => mailLead(database, { id: id.data as LeadId }))
    : null;
  if (found !== null && 'none' in found)
    return { as: first, notice: `No real lead can be shown: ${found.none}.` };
  if (found?.answer == null)
    return {
      as: first,
      notice:
        key === nobody
          ? 'No lead has this address. This is the mail as the example gets it.'
          : 'There is no such lead. This is the mail as the example gets it.',
    };
  const { fields, rep } = found.answer;
  const name = [fields.firstName, fields.lastName].filter(Boolean).join(' ');
  const title = name === '' ? (fields.company ?? 'a lead without a name') : name;
  return { as: { key, title, fields, rep }, notice: `As ${title} gets it, a real lead.` };
}
