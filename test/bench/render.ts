import { Liquid } from 'liquidjs';
import { newId } from '../../store/database.ts';
import type { LeadId } from '../../domain/ids.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { Links } from '../../mail/links.ts';
import { personalize } from '../../mail/personalize.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { leadVariables } from '../../mail/variables.ts';
import { alternate, compared, type Run, type Scenario } from './run.ts';

const mails = 3_000;

/** Personal mails a second, whole: subject, both parts, links; against Liquid alone on a parsed HTML part. */
export const render: Scenario = async (_machine, options) => {
  const { content } = await readSequence('templates', 'c-nurture');
  const [name = '', mail] = Object.entries(content.mails)[0] ?? [];
  if (mail === undefined) throw new Error('The shipped sequence has no mail.');
  const links = new Links('https://lockstep.example', 'a secret of a benchmark');
  const fields = { ...noFields, firstName: 'Ada', company: 'Northwind' };
  const id = newId<LeadId>();
  const liquid = new Liquid();
  const parsed = liquid.parse(mail.html);
  const variables = {
    lead: leadVariables(fields),
    brand: { company: content.brand.company, postal_address: content.brand.postalAddress },
    mail: { subject: mail.subject, preheader: mail.preheader },
    links: {
      ...{ unsubscribe: links.unsubscribe(id), stay: links.stay(id) },
      honeypot: links.honeypot(),
    },
  };
  const runs = await alternate(
    options,
    async () => timed(() => personalize(content, name, { id, fields, rep: null }, links)),
    async () => timed(() => liquid.renderSync(parsed, variables)),
  );
  return compared('render', 'personal mails', runs, {});
};

function timed(work: () => unknown): Run {
  for (let warm = 0; warm < mails / 10; warm++) work();
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let n = 0; n < mails; n++) work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: mails / seconds, cpu: { worker: (user + system) / 1_000 / mails } };
}
