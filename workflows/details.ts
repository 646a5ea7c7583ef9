import type { ClockName } from '../domain/escalation/clock.ts';
import type { AssignmentCause } from '../domain/escalation/routing.ts';
import type { Next, Standing } from '../domain/nurture/next.ts';
import { utc } from './utc.ts';

/**
 * Where a lead stands, why, and what comes next and when, for the Temporal UI. Times are UTC.
 */
export function details(next: Next): string {
  const { standing } = next;
  const { grade, bands, fit, engagement, sequence, mail, change, blocked } = standing;
  const lines = [
    `### ${grade} lead, ${standing.stage}`,
    `Fit **${fit / 100}** (band ${bands.fit}), engagement **${engagement / 100}** (band ${bands.engagement}).`,
    sequence === null
      ? null
      : `Sequence **${sequence}**${standing.segment === null ? '' : `, segment ${standing.segment}`}.`,
    blocked === null ? null : `**Blocked:** ${blocked}. It goes on when this is mended.`,
    ...ofSales(standing),
    ofTask(standing),
    mail === null ? null : `Next mail: **${mail.name}** on ${utc(mail.at)}.`,
    change === null
      ? null
      : `If nothing happens, the grade becomes **${change.to}** on ${utc(change.at)}.`,
    outcome(next),
  ];
  return lines.filter(line => line !== null).join('\n\n');
}

/** What a person is to do before the sequence goes on. */
function ofTask({ task }: Standing): string | null {
  if (task === undefined) return null;
  const { name, kind, person, until } = task;
  return `Waits for a person: **${kind}** (${name}) by \`${person}\`, until ${utc(until)} at the latest.`;
}

/** With whom of sales it is and why, and what they are to do by when. */
function ofSales({ sales, rep }: Standing): string[] {
  if (sales === undefined) return [];
  const { state, asked, cause, due, extended } = sales;
  const lines = [
    `With sales: **${state}**, owner \`${rep ?? 'nobody'}\`, asked as number ${asked}: ${causes[cause]}.`,
  ];
  if (due !== null) lines.push(`Due: **${duties[due.clock]}** by ${utc(due.at)}.`);
  if (extended > 0)
    lines.push(`Ops gave more time ${extended === 1 ? 'once' : `${extended} times`}.`);
  return lines;
}

const causes: Record<AssignmentCause, string> = {
  routed: 'by the rules of routing',
  queued: 'keeps it until somebody has room',
  'catch-all': 'it is nobody’s territory',
  overdue: 'who had it did not answer in time',
  left: 'who had it has left',
  manager: 'nobody else is left to ask',
  ops: 'ops gave it to them',
  'taken over': 'they took it over',
};

const duties: Record<ClockName, string> = {
  answer: 'an answer',
  contact: 'first contact',
  feedback: 'how it goes',
};

function outcome(next: Next): string | null {
  switch (next.kind) {
    case 'wait':
      return next.until === null
        ? 'Waits for the lead, for ops, or for an answer; nothing is due.'
        : `Looks again on ${utc(next.until)}, or as soon as something happens.`;
    case 'escalated':
      return `Handed to sales: workflow \`escalation/${next.escalation}\`.`;
    case 'enrolled':
      return `Goes on in nurture: workflow \`nurture/${next.enrollment}\`.`;
    case 'resting':
      return `Rests: ${next.why}.`;
    case 'ended':
      return `Left the sequence: ${next.reason}.`;
    default:
      return next satisfies never;
  }
}
