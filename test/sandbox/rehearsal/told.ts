import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { instant, type Instant } from '../../../domain/instant.ts';
import { planOf } from '../../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';
import { daysOf, weeksOf } from '../../../sandbox/rehearsal/days.ts';
import { digestOf } from '../../../sandbox/rehearsal/digest.ts';
import { findingsOf } from '../../../sandbox/rehearsal/findings.ts';
import type { FindingsContext } from '../../../sandbox/rehearsal/findings/finding.ts';
import type { RehearsalReport } from '../../../sandbox/rehearsal/report/report.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';

export const zone = 'Europe/Berlin';

export function at(text: string): Instant {
  return instant(Date.parse(text));
}

/** What happened, where only that is told which a test is about. */
export function aTold(told: Partial<WhatHappened> = {}): WhatHappened {
  return {
    ...{ leads: [], mails: [], scores: [], enrollments: [] },
    ...{ escalations: [], answers: [], engagements: [] },
    ...told,
  };
}

export function aMail(
  mail: Partial<WhatHappened['mails'][number]> & { at: Instant },
): WhatHappened['mails'][number] {
  return {
    lead: 'ada@x.example',
    sequence: 'c-nurture',
    step: '01-welcome',
    state: 'accepted',
    ...mail,
  };
}

export function anEnrollment(
  enrollment: Partial<WhatHappened['enrollments'][number]> & { at: Instant },
): WhatHappened['enrollments'][number] {
  return {
    ...{ lead: 'ada@x.example', sequence: 'c-nurture', segment: 'everyone else' },
    ...{ endedAt: null, endReason: null },
    ...enrollment,
  };
}

export function anEscalation(
  escalation: Partial<WhatHappened['escalations'][number]> & { at: Instant },
): WhatHappened['escalations'][number] {
  return {
    ...{ lead: 'ada@x.example', grade: 'B' as const, cause: 'crossing', owner: 'lena' },
    ...{ acceptDueAt: instant(escalation.at + 86_400_000), endedAt: null },
    ...escalation,
  };
}

export function anAnswer(
  answer: Partial<WhatHappened['answers'][number]> & { at: Instant },
): WhatHappened['answers'][number] {
  return { lead: 'ada@x.example', kind: 'accepted', reason: null, by: 'lena', ...answer };
}

/** The sequences, segments and people of this repository. */
export function aContext(context: Partial<FindingsContext> = {}): FindingsContext {
  const sequences = [
    'c-nurture',
    'd-long-cycle',
    'problem-education',
    'referral',
    'stay-in-touch',
  ].map(name => ({
    name,
    plan: planOf(
      sequenceSchema.parse(
        parse(readFileSync(`templates/sequences/${name}/sequence.yaml`, 'utf8')),
      ),
    ),
  }));
  return {
    from: at('2026-03-02T08:00:00Z'),
    to: at('2026-05-31T08:00:00Z'),
    zone,
    sequences,
    segments: ['makers and movers', 'everyone else'],
    people: [
      { key: 'lena', name: 'Lena Vogt', capacity: 12 },
      { key: 'emil', name: 'Emil Sattler', capacity: 12 },
      { key: 'sophie', name: 'Sophie Gruber', capacity: 10 },
      { key: 'daan', name: 'Daan de Wit', capacity: 10 },
      { key: 'theo', name: 'Theo Brandt', capacity: null },
    ],
    blocked: [],
    ...context,
  };
}

/** The report of a rehearsal in which that happened. */
export function aReport(
  told: WhatHappened,
  context = aContext(),
  report: Partial<RehearsalReport> = {},
): RehearsalReport {
  const { from, to } = context;
  return {
    ...{ title: 'Ninety days of Northwind', seed: 7, from, to, zone },
    ...{ tookMs: 61_400, forwards: 1_284, faults: [] },
    digest: digestOf(told),
    told,
    days: daysOf(told, from, to, zone),
    weeks: weeksOf(told, from, to, zone, 44),
    findings: findingsOf(told, context),
    ...report,
  };
}
