import { Command } from 'commander';
import { DateTime } from 'luxon';
import colors from 'picocolors';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import { explainScore, foretell, summarize } from '../../domain/agreement/explain.ts';
import { nextGradeChange } from '../../domain/agreement/next-change.ts';
import { scoreLead } from '../../domain/agreement/score.ts';
import { formatPoints } from '../../domain/hundredths.ts';
import type { Instant } from '../../domain/instant.ts';
import { normalizeAddress } from '../../domain/lead/address.ts';
import { decideEnrollment, zoneOf } from '../../domain/nurture/decide.ts';
import { realClock } from '../../engine/clock.ts';
import { agreementById } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { loadFacts, type LoadedFacts } from '../../store/facts.ts';
import { leadByAddress } from '../../store/lead.ts';
import { versionById } from '../../store/sequence-version.ts';
import { leadStory, type LeadStory } from '../../store/story.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

/** There is no such lead. */
class NoSuchLeadError extends Error {
  override readonly name = 'NoSuchLeadError';
}

export function command(): Command {
  return new Command('show')
    .description('one lead: grade, why to the point, what happened, what comes next')
    .argument('<address>', "the lead's address")
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep leads show ada@example.com\n\nTimes are in the lead’s own time zone. In --json, points are in hundredths and moments in milliseconds since 1970.',
    )
    .action(async (text: string, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      const address = normalizeAddress(text);
      if ('reason' in address)
        throw new NoSuchLeadError(`"${text}" is no address: ${address.reason}.`);
      await withOpen(options.workspace, async ({ database }) => {
        const at = realClock.now();
        const id = await leadByAddress(database, address.address);
        const story = id && (await leadStory(database, id, at));
        const facts = id && (await loadFacts(database, id, at));
        if (!story || !facts)
          throw new NoSuchLeadError(`No lead has the address ${address.address}.`);
        const { agreement, version } = await agreementById(database, facts.agreementId);
        const score = scoreLead(agreement, facts.lead.fields, facts.events, facts.lead.bands, at);
        const change = nextGradeChange(agreement, facts.events, score);
        const zone = zoneOf(facts, agreement);
        const next = comesNext(story, await nextMail(database, facts, agreement, at), zone);
        terminal.result({ ...story, score, change, agreementVersion: version, next });
        const name = [story.fields.firstName, story.fields.lastName].filter(Boolean).join(' ');
        terminal.say(
          colors.bold(
            [name || address.address, story.fields.title, story.fields.company]
              .filter(Boolean)
              .join(', '),
          ),
        );
        terminal.say(summarize(score));
        if (score.handRaised) terminal.say('Asked for sales.');
        if (change !== null) terminal.say(foretell(change, score.grade, zone));
        terminal.say(next);
        terminal.say();
        const lines = explainScore(score);
        terminal.table(
          ['why', 'how it counts', 'points'],
          [
            ...lines
              .filter(({ axis }) => axis === 'fit')
              .map(line => [line.what, line.how, line.points]),
            ['fit', '', formatPoints(score.fit)],
            ...lines
              .filter(({ axis }) => axis === 'engagement')
              .map(line => [line.what, line.how, line.points]),
            ['engagement', '', formatPoints(score.engagement)],
          ],
        );
        terminal.say();
        terminal.table(
          [`when (${zone})`, 'what', ''],
          story.timeline.map(({ at: when, what, detail }) => [
            moment(when, zone),
            what,
            clip(detail ?? ''),
          ]),
        );
      });
    });
}

/** The mail that comes next, and when, if the lead is in a sequence and waits for one. */
async function nextMail(
  database: Database,
  facts: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Promise<{ name: string; at: Instant } | null> {
  const { enrollment } = facts;
  if (enrollment === null) return null;
  const { name: sequence, content } = await versionById(database, enrollment.versionId);
  const pinned = { sequence, plan: content.plan };
  const { move } = decideEnrollment({ ...facts, enrollment }, agreement, pinned, at);
  return move.kind === 'wait' ? move.mail : null;
}

function comesNext(
  { enrollment, escalation, suppressed, disqualified }: LeadStory,
  mail: { name: string; at: Instant } | null,
  zone: string,
): string {
  if (escalation !== null) return `With sales: ${escalation.owner} (${escalation.state}).`;
  if (suppressed !== null) return `Is never mailed: ${suppressed}.`;
  if (enrollment === null) return disqualified === null ? 'At rest.' : `At rest: ${disqualified}.`;
  const where = `In ${enrollment.sequence} v${enrollment.version}`;
  if (enrollment.blocked !== null) return `${where}, blocked: ${enrollment.blocked}.`;
  if (enrollment.paused) return `${where}, paused.`;
  if (mail !== null) return `${where}; next mail ${mail.name} on ${moment(mail.at, zone)}.`;
  const at = enrollment.wakeAt;
  return at === null
    ? `${where}; nothing is due.`
    : `${where}; looks again on ${moment(at, zone)}.`;
}

function moment(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('d LLL yyyy, HH:mm');
}

/** Keeps a line within a terminal of 80 columns. */
function clip(text: string): string {
  return text.length > 42 ? `${text.slice(0, 41)}…` : text;
}
