import type { WhatHappened } from '../../store/what-happened.ts';
import { badHours } from './findings/bad-hours.ts';
import { blockedLeads } from './findings/blocked-leads.ts';
import { figure, type Finding, type FindingsContext, type Rule } from './findings/finding.ts';
import { lateAnswers } from './findings/late-answers.ts';
import { nobodyThere } from './findings/nobody-there.ts';
import { overCapacity } from './findings/over-capacity.ts';
import { silence } from './findings/silence.ts';
import { timeToSales } from './findings/time-to-sales.ts';
import { twoMailsADay } from './findings/two-mails-a-day.ts';
import { unreachedSteps } from './findings/unreached-steps.ts';
import { unsettledMails } from './findings/unsettled-mails.ts';

/** In order of weight: what a lead suffers from first, then what sales does, then what is never used. */
const rules: readonly Rule[] = [
  blockedLeads,
  unsettledMails,
  twoMailsADay,
  lateAnswers,
  overCapacity,
  silence,
  badHours,
  nobodyThere,
  unreachedSteps,
];

/** What the rehearsal brought to light, heaviest first; figures that are no fault come last. */
export function findingsOf(told: WhatHappened, context: FindingsContext): Finding[] {
  const look = (list: readonly Rule[]) => list.flatMap(rule => rule(told, context) ?? []);
  const faults = look(rules);
  return [...(faults.length > 0 ? faults : [nothingFound]), ...look([timeToSales])];
}

const nothingFound = figure(
  'nothing found',
  0,
  'Nothing was found: every mail is settled and went at a good hour, no lead was forgotten or crowded, sales answered in time within its capacity, and every step was used.',
  [],
);
