import { countedEvents } from '../../domain/agreement/engagement.ts';
import { nextGradeChange } from '../../domain/agreement/next-change.ts';
import { scoreLead, worthOf } from '../../domain/agreement/score.ts';
import type { Engagement } from '../../domain/event/event.ts';
import { hundredths } from '../../domain/hundredths.ts';
import type { EventId, SendId } from '../../domain/ids.ts';
import { day, instant, minute } from '../../domain/instant.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import { Random } from '../../domain/random.ts';
import { theAgreement } from '../domain/facts.ts';
import type { Figure } from './report.ts';
import type { Scenario } from './run.ts';

const leads = 5_000;
const at = instant(Date.parse('2026-03-02T08:00:00Z'));

/** Leads a second of one core: scored with every line of 20 events, without lines, and with the next change. */
export const score: Scenario = async (_machine, { pairs, say }) => {
  const agreement = theAgreement();
  const figure = (what: string, events: number, work: (lead: Lead) => unknown, line?: number) => {
    const crowd = Array.from({ length: leads }, (_, n) => aLead(n, events));
    for (const lead of crowd) work(lead);
    const values = Array.from({ length: pairs }, () => {
      const before = process.cpuUsage();
      for (const lead of crowd) work(lead);
      const { user, system } = process.cpuUsage(before);
      return leads / ((user + system) / 1_000_000);
    });
    say(`${what}: ${Math.max(...values).toFixed(0)} at most`);
    const told = `${what}, a second of CPU`;
    return {
      ...{ scenario: 'score', what: told, values, better: 'higher' },
      ...(line === undefined ? {} : { line }),
    } satisfies Figure;
  };
  return [
    figure(
      'leads of 20 events scored with their lines',
      20,
      ({ fields, events }) => scoreLead(agreement, fields, events, null, at),
      50_000,
    ),
    figure('leads of 10 events scored without lines', 10, ({ events }) =>
      worthOf(agreement, hundredths(6_000), countedEvents(events, agreement), null, at),
    ),
    figure('leads of 10 events scored, with the next change of their grade', 10, lead => {
      const { fields, events } = lead;
      const scored = scoreLead(agreement, fields, events, null, at);
      return nextGradeChange(agreement, events, scored);
    }),
  ];
};

interface Lead {
  fields: LeadFields;
  events: Engagement[];
}

const kinds = [
  ...['click', 'click', 'click', 'page', 'page', 'page', 'page', 'form'],
  ...['download', 'webinar', 'delivered', 'delivered'],
] as Engagement['kind'][];
const subjects: Partial<Record<Engagement['kind'], string[]>> = {
  click: ['guide/stops', 'stories/three-plants', 'calculator', 'checklist', 'benchmark'],
  page: ['/pricing', '/', '/products/sensors', '/careers/welder', '/blog/what-a-stop-costs'],
  form: ['Book a demo', 'Contact us', 'Newsletter'],
  download: ['The field guide', 'A white paper'],
  webinar: ['Webinar: unplanned stops'],
};
const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
];

/** A lead of a crowd: the same for the same number. Its events come in no order, as they may from a database. */
function aLead(n: number, count: number): Lead {
  const random = new Random(n);
  const events = Array.from({ length: count }, (_, index): Engagement => {
    const kind = random.pick(kinds);
    const subject = random.pick(subjects[kind] ?? [null]);
    const moment = instant(at - random.below(80 * day));
    const isOfMail = kind === 'click' || kind === 'delivered';
    return {
      id: `${n}-${index}` as EventId,
      kind,
      subject: kind === 'click' ? `https://northwind.example/${subject}` : subject,
      at: moment,
      receivedAt: moment,
      holdUntil: kind === 'click' ? instant(moment + minute) : null,
      sendId: isOfMail ? (`send-${random.below(6)}` as SendId) : null,
      userAgent: kind === 'click' ? random.pick(browsers) : null,
    };
  });
  const fields = {
    ...noFields,
    title: random.pick(['Plant Manager', 'VP Operations', 'Shift Lead', 'Engineer', null]),
    industry: random.pick(['manufacturing', 'Logistics', 'retail', null]),
    employees: random.pick([null, 50, 300, 5_000]),
    country: random.pick(['DE', 'NL', 'US', null]),
  };
  return { fields, events };
}
