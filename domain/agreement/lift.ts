import { eventKinds, type Engagement, type EventKind } from '../event/event.ts';
import type { EventId } from '../ids.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import { minute, plus } from '../instant.ts';
import type { CriterionField, LeadFields } from '../lead/fields.ts';
import { compiled, type PointsRule } from './compile.ts';
import { countedEvents, counting, type CountedEvent } from './engagement.ts';
import { fitLines, type FitLine } from './fit.ts';
import { atLeast, gradeOf, type Grade } from './grade.ts';
import type { AgreementDocument } from './schema.ts';
import { worthOf, type Worth } from './score.ts';

/** One kind of event that lifts the grade, and how often it takes. */
export interface EventLift {
  /** The event's name in the agreement. */
  event: string;
  kind: EventKind;
  times: number;
  to: Grade;
}

/** Fields that are not known, and what the grade could be if all of them were, and fitted best. */
export interface FieldLift {
  fields: CriterionField[];
  to: Grade;
}

/** What would make a grade better. */
export interface Lifts {
  /** Best first: what takes least, then what gives most. */
  events: EventLift[];
  /** Single fields; if none suffices alone, all that are missing together. */
  fields: FieldLift[];
  /** Whether no engagement at all gives a better grade, because of fit. */
  fitHolds: boolean;
}

/** Nobody is told to wait for the eleventh click. */
const mostTimes = 10;

/**
 * A click may be held this long before it counts, in milliseconds, and all points fade meanwhile: what is said
 * to lift a lead still does so then.
 */
const lasting = 10 * minute;

/**
 * What would lift a lead's grade if it happened at the moment of its score: for each event that has points or
 * raises a hand, the smallest number of it, with caps and hysteresis; and which unknown fields could.
 * (Clicks count once for each link, so several of them are clicks on several links.)
 */
export function liftsOf(
  agreement: AgreementDocument,
  fields: LeadFields,
  events: readonly Engagement[],
  score: Worth,
): Lifts {
  const counted = countedEvents(events, agreement);
  const lifts = compiled(agreement).rules.flatMap(rule => {
    const lift = eventLift(agreement, counted, score, rule);
    return lift === null ? [] : [{ ...lift, raw: rule.raw }];
  });
  return {
    events: lifts
      .toSorted((a, b) => a.times - b.times || compare(a.to, b.to) || a.raw - b.raw)
      .map(({ event, kind, times, to }) => ({ event, kind, times, to })),
    fields: fieldLifts(agreement, fields, counted, score),
    fitHolds: !isBetter(gradeOf(agreement.grade.matrix, score.bands.fit, 1), score.grade),
  };
}

function eventLift(
  agreement: AgreementDocument,
  counted: readonly CountedEvent[],
  score: Worth,
  rule: PointsRule,
): EventLift | null {
  const kind = kindOf(agreement, rule.name);
  const isRaising = agreement.grade.hand_raise.events.includes(rule.name);
  if (kind === undefined || (rule.full <= 0 && !isRaising)) return null;
  const more = [...counted];
  for (let times = 1; times <= mostTimes; times++) {
    more.push(counting(rule, imagined(kind, score, times)));
    const to = lastingGrade(agreement, more, score);
    if (isBetter(to, score.grade)) return { event: rule.name, kind, times, to };
  }
  return null;
}

/** The grade with more events, now and still when a click would be held no longer: the worse of both. */
function lastingGrade(
  agreement: AgreementDocument,
  counted: readonly CountedEvent[],
  { fit, bands, at }: Worth,
): Grade {
  const now = worthOf(agreement, fit, counted, bands, at).grade;
  const then = worthOf(agreement, fit, counted, bands, plus(at, lasting)).grade;
  return isBetter(now, then) ? then : now;
}

function imagined(kind: EventKind, { at }: Worth, times: number): Engagement {
  const id = `imagined-${times}` as EventId;
  return {
    ...{ id, kind, at, receivedAt: at },
    ...{ subject: null, holdUntil: null, sendId: null, userAgent: null },
  };
}

function kindOf({ events }: AgreementDocument, name: string): EventKind | undefined {
  return events[name]?.kind ?? eventKinds.find(kind => kind === name);
}

function fieldLifts(
  agreement: AgreementDocument,
  fields: LeadFields,
  counted: readonly CountedEvent[],
  score: Worth,
): FieldLift[] {
  const lines = fitLines(fields, agreement);
  const missing = lines.filter(line => line.missing).map(({ rule }) => rule);
  const liftOf = (known: CriterionField[]): FieldLift[] => {
    const fit = fitIf(agreement, lines, known);
    const { grade } = worthOf(agreement, fit, counted, score.bands, score.at);
    return isBetter(grade, score.grade) ? [{ fields: known, to: grade }] : [];
  };
  const single = missing.flatMap(field => liftOf([field]));
  return single.length > 0 || missing.length < 2
    ? single.toSorted((a, b) => compare(a.to, b.to))
    : liftOf(missing);
}

/** Fit if some fields gave the most that the agreement gives for them. */
function fitIf(
  agreement: AgreementDocument,
  lines: readonly FitLine[],
  known: readonly CriterionField[],
): Hundredths {
  const { fit } = agreement;
  let exact = 0;
  let weights = 0;
  for (const { field, weight, gives } of fit.criteria) {
    const now = lines.find(({ rule }) => rule === field)?.raw ?? 0;
    const best = Math.max(now, ...gives.map(({ points }) => points));
    exact += weight * (known.includes(field) ? best : now);
    weights += weight;
  }
  return hundredths(Math.round((exact * 100) / weights));
}

function isBetter(grade: Grade, than: Grade): boolean {
  return !atLeast(than, grade);
}

function compare(a: Grade, b: Grade): number {
  if (a === b) return 0;
  return isBetter(a, b) ? -1 : 1;
}
