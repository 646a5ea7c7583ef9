import { DateTime } from 'luxon';
import colors from 'picocolors';
import { tellAccount } from '../domain/account/tell.ts';
import {
  explainScore,
  summarize,
  tellLifts,
  tellSince,
  tellStep,
} from '../domain/agreement/explain.ts';
import { stageName } from '../domain/agreement/stages.ts';
import type { Score } from '../domain/agreement/score.ts';
import { wishInWords } from '../domain/event/event.ts';
import { formatPoints } from '../domain/hundredths.ts';
import type { Instant } from '../domain/instant.ts';
import { leadName } from '../domain/lead/name.ts';
import { tellWhereabouts } from '../domain/nurture/whereabouts.ts';
import { tellOutlook } from '../domain/nurture/why-now.ts';
import type { LeadSheet } from '../store/lead-sheet.ts';
import type { KeptScore } from '../store/score.ts';
import type { LeadStory } from '../store/story.ts';
import { sayLeads } from './account-text.ts';
import type { Terminal } from './terminal.ts';
import { clip, wrap } from './wrap.ts';

/** A lead as a terminal of 80 columns shows it. */
export function sayLead(terminal: Terminal, sheet: LeadSheet, page: string): void {
  const { story, account, now, change, lifts, mail, steps, version, zone } = sheet;
  const moment = momentIn(zone);
  const say = (text: string) => terminal.say(wrap(text));
  sayName(terminal, story);
  if (account !== null) say(`Account: ${tellAccount(account)}.`);
  say(`${summarize(now)}.${now.handRaised ? ' Asked for sales.' : ''}`);
  const since = tellSince(steps[0], now, moment);
  if (since !== null) say(since);
  say(`Stage: ${sheet.stage}. ${tellWhereabouts(story, mail, moment)}`);
  if (story.wish !== null) say(`It ${wishInWords[story.wish.wish]} (${moment(story.wish.at)}).`);
  say(tellOutlook({ now, change }, zone));
  say(tellLifts(lifts, now));
  terminal.say();
  sayLines(terminal, now);
  terminal.say();
  terminal.table(
    ['since', 'grade', 'why', 'agreement'],
    steps.map(step => [
      moment(step.score.at),
      step.score.grade,
      wrap(tellStep(step), 38),
      `v${step.version}`,
    ]),
  );
  terminal.say();
  terminal.table(
    ['when', 'what', ''],
    story.timeline.map(({ at, what, detail }) => [
      moment(at),
      clip(what, 12),
      clip(detail ?? '', 42),
    ]),
  );
  terminal.say();
  sayColleagues(terminal, sheet);
  say(`By version ${version} of the agreement. Times are ${zone}. The page of this lead:`);
  // Whole, because an address that is broken is none.
  terminal.say(page);
}

function sayColleagues(terminal: Terminal, { colleagues, agreement }: LeadSheet): void {
  if (colleagues.length === 0) return;
  terminal.say('Others of the account:');
  sayLeads(terminal, colleagues, stage => stageName(stage, agreement.stages));
  terminal.say();
}

/** What a lead was worth at the end of a day, as it was kept. */
export function sayKept(
  terminal: Terminal,
  story: LeadStory,
  { score, version }: KeptScore,
  { day, zone }: { day: string; zone: string },
): void {
  sayName(terminal, story);
  terminal.say(
    wrap(`On ${day}: ${summarize(score)}.${score.handRaised ? ' Asked for sales.' : ''}`),
  );
  terminal.say(
    wrap(
      `As it was kept on ${momentIn(zone)(score.at)} (${zone}), by version ${version} of the agreement.`,
    ),
  );
  terminal.say();
  sayLines(terminal, score);
}

function sayName(terminal: Terminal, { fields, address }: LeadStory): void {
  const told = [leadName(fields) ?? address, fields.title, fields.company]
    .filter(Boolean)
    .join(', ');
  terminal.say(colors.bold(wrap(told)));
}

function sayLines(terminal: Terminal, score: Score): void {
  const lines = explainScore(score);
  terminal.table(
    ['why', 'how it counts', 'points'],
    (['fit', 'engagement'] as const).flatMap(axis => [
      ...lines
        .filter(line => line.axis === axis)
        .map(({ what, how, points }) => [clip(what, 26), clip(how, 38), points]),
      [axis, '', formatPoints(score[axis])],
    ]),
  );
}

function momentIn(zone: string): (at: Instant) => string {
  return at => DateTime.fromMillis(at, { zone }).toFormat('d LLL yyyy, HH:mm');
}
