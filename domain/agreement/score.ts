import type { Engagement } from '../event/event.ts';
import { hundredths, type Hundredths } from '../hundredths.ts';
import { plus, type Instant } from '../instant.ts';
import type { LeadFields } from '../lead/fields.ts';
import {
  countedEvents,
  decayed,
  engagementLines,
  engagementOf,
  type CountedEvent,
  type EngagementLine,
} from './engagement.ts';
import { fitLines, type FitLine } from './fit.ts';
import {
  atLeast,
  bandOf,
  better,
  engagementBand,
  fitBand,
  gradeOf,
  grades,
  type EngagementBand,
  type FitBand,
  type Grade,
} from './grade.ts';
import type { AgreementDocument } from './schema.ts';

export type ScoreLine = FitLine | EngagementLine;

/** The bands of the score before, from which hysteresis goes on; null before the first. */
export interface Bands {
  fit: FitBand;
  engagement: EngagementBand;
}

/** What a lead is worth at a moment, and why. */
export interface Score {
  at: Instant;
  fit: Hundredths;
  engagement: Hundredths;
  bands: Bands;
  grade: Grade;
  /** Whether the lead asked for sales, so that the grade is at least what the agreement says. */
  handRaised: boolean;
  /** Their points add up to fit and to engagement exactly. */
  lines: ScoreLine[];
}

/** Scores a lead at a moment, under an agreement. */
export function scoreLead(
  agreement: AgreementDocument,
  fields: LeadFields,
  events: readonly Engagement[],
  previous: Bands | null,
  at: Instant,
): Score {
  const counted = countedEvents(events, agreement);
  const ofFit = fitLines(fields, agreement);
  const ofEngagement = engagementLines(counted, agreement, at);
  const fit = sum(ofFit);
  const engagement = sum(ofEngagement);
  const bands = bandsOf(agreement, fit, engagement, previous);
  const handRaised = raisesHand(agreement, counted, bands.fit, at);
  return {
    at,
    fit,
    engagement,
    bands,
    handRaised,
    grade: gradeWith(agreement, bands, handRaised),
    lines: [...ofFit, ...ofEngagement],
  };
}

/** A score without its lines. */
export type Worth = Omit<Score, 'lines'>;

/**
 * The same without its lines, in a fraction of the time: for whoever looks at many moments of a lead, whose fit
 * and counted events stay as they are.
 */
export function worthOf(
  agreement: AgreementDocument,
  fit: Hundredths,
  counted: readonly CountedEvent[],
  previous: Bands | null,
  at: Instant,
): Worth {
  const engagement = engagementOf(counted, agreement, item => decayed(item, at));
  const bands = bandsOf(agreement, fit, engagement, previous);
  const handRaised = raisesHand(agreement, counted, bands.fit, at);
  return { at, fit, engagement, bands, handRaised, grade: gradeWith(agreement, bands, handRaised) };
}

/** The bands of two scores, going on from the bands before. */
export function bandsOf(
  { grade: { cuts, hysteresis } }: AgreementDocument,
  fit: Hundredths,
  engagement: Hundredths,
  previous: Bands | null,
): Bands {
  const before = previous && {
    fit: grades.indexOf(previous.fit),
    engagement: previous.engagement - 1,
  };
  return {
    fit: fitBand(bandOf(fit, cuts, hysteresis, before && before.fit)),
    engagement: engagementBand(bandOf(engagement, cuts, hysteresis, before && before.engagement)),
  };
}

/** Whether an event that raises a hand counts now, and fit is good enough for it to matter. */
export function raisesHand(
  { grade: { hand_raise: rule } }: AgreementDocument,
  counted: readonly CountedEvent[],
  fit: FitBand,
  at: Instant,
): boolean {
  return (
    atLeast(fit, rule.fit_at_least) &&
    counted.some(item => rule.events.includes(item.name) && isWithinWindow(item, at))
  );
}

/** The grade that the matrix gives, or the better one that a raised hand gives. */
export function gradeWith({ grade }: AgreementDocument, bands: Bands, handRaised: boolean): Grade {
  const plain = gradeOf(grade.matrix, bands.fit, bands.engagement);
  return handRaised ? better(plain, grade.hand_raise.gives_at_least) : plain;
}

/** Whether an event's points have begun and not yet run out. */
export function isWithinWindow({ event, window, from }: CountedEvent, at: Instant): boolean {
  return at >= from && at < plus(event.at, window);
}

function sum(lines: readonly ScoreLine[]): Hundredths {
  return hundredths(lines.reduce((total, { points }) => total + points, 0));
}
