import { Liquid, type Template } from 'liquidjs';
import { newId } from '../../store/database.ts';
import type { LeadId } from '../../domain/ids.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { edgeCases } from '../../mail/edge-cases.ts';
import { Links } from '../../mail/links.ts';
import { personalize, type MailLead } from '../../mail/personalize.ts';
import { listSequences, readSequence } from '../../mail/sequence-folder.ts';
import { brandVariables, leadVariables, repVariables } from '../../mail/variables.ts';
import type { SequenceContent } from '../../store/sequence-version.ts';
import { alternate, compared, type Run, type Scenario } from './run.ts';

/** How often each mail is made for each lead, in one run. */
const rounds = 60;
/** Of whole mails, in a second of one core's time. */
const least = 10_000;

const links = new Links('https://lockstep.example', 'a secret of a benchmark');

/** One shipped mail, with what it takes to make it by Liquid alone. */
interface Made {
  content: SequenceContent;
  name: string;
  parts: Template[][];
}

/**
 * Whole personal mails in a second of one core's time: subject, preheader, both parts, signed links. Every shipped mail
 * for a lead of each kind, among them names that must be escaped and fields that are missing; against Liquid alone on
 * the same parsed templates, which escapes nothing, forgives what is missing, and is handed its links.
 */
export const render: Scenario = async (_machine, options) => {
  const liquid = new Liquid();
  const mails: Made[] = [];
  const leads: MailLead[] = [];
  for (const sequence of await listSequences('templates')) {
    const { content, sample } = await readSequence('templates', sequence);
    if (leads.length === 0)
      for (const { fields, rep } of edgeCases(sample ?? noFields))
        leads.push({ id: newId<LeadId>(), fields, rep });
    for (const [name, { subject, preheader, html, text }] of Object.entries(content.mails)) {
      const parts = [subject, preheader, html, text].map(part => liquid.parse(part));
      mails.push({ content, name, parts });
    }
  }
  const links = leads.map(linksOf);
  const runs = await alternate(
    options,
    async () => timed(mails, leads, ({ content, name }, lead) => whole(content, name, lead)),
    async () =>
      timed(mails, leads, (mail, lead, which) => bare(liquid, mail, lead, links[which] ?? {})),
  );
  const [rates, costs] = compared('render', 'personal mails', runs, {});
  if (rates === undefined || costs === undefined) throw new Error('Nothing was measured.');
  const { scenario, values } = rates;
  return [
    { scenario, what: 'personal mails, a second of CPU', values, better: 'higher', line: least },
    { ...rates, what: 'the same against bare Liquid' },
    costs,
  ];
};

function linksOf({ id }: MailLead): object {
  return {
    unsubscribe: links.unsubscribe(id),
    stay: links.stay(id),
    honeypot: links.honeypot(),
  };
}

function whole(content: SequenceContent, name: string, lead: MailLead): void {
  personalize(content, name, lead, links);
}

function bare(liquid: Liquid, { content, parts }: Made, lead: MailLead, links: object): void {
  const variables = {
    lead: leadVariables(lead.fields),
    rep: repVariables(lead.rep),
    brand: brandVariables(content.brand),
    mail: { subject: '', preheader: '' },
    links,
  };
  for (const part of parts) liquid.renderSync(part, variables);
}

/** CPU time, because that of a clock belongs to whoever else runs on the machine as well. */
function timed(
  mails: readonly Made[],
  leads: readonly MailLead[],
  work: (mail: Made, lead: MailLead, which: number) => void,
): Run {
  const all = () => {
    for (const mail of mails) for (const [which, lead] of leads.entries()) work(mail, lead, which);
  };
  for (let warm = 0; warm < rounds / 10; warm++) all();
  const before = process.cpuUsage();
  for (let n = 0; n < rounds; n++) all();
  const { user, system } = process.cpuUsage(before);
  const count = rounds * mails.length * leads.length;
  const seconds = (user + system) / 1_000_000;
  return { rate: count / seconds, cpu: { worker: (seconds * 1_000) / count } };
}
