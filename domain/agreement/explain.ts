import { DateTime } from 'luxon';
import { formatPoints, type Hundredths } from '../hundredths.ts';
import { day, hour, minute, type Instant } from '../instant.ts';
import type { Difference } from './difference.ts';
import type { EventLift, FieldLift, Lifts } from './lift.ts';
import type { GradeChange } from './next-change.ts';
import type { Score, ScoreLine, Worth } from './score.ts';

/** One line of an explanation in words; the `points` of all lines add up to fit plus engagement. */
export interface ExplainedLine {
  axis: 'fit' | 'engagement';
  what: string;
  how: string;
  /** As people read them, such as `31.2`. */
  points: string;
}

/** The lines of a score in words. Lines worth nothing are kept: they say what was looked at. */
export function explainScore({ lines, at }: Pick<Score, 'lines' | 'at'>): ExplainedLine[] {
  return lines.map(line => ({
    axis: line.axis,
    what: whatOf(line),
    how: howOf(line, at),
    points: formatPoints(line.points),
  }));
}

function whatOf(line: ScoreLine): string {
  if (line.axis === 'fit') return line.rule;
  if (line.rule === 'cap') return `most that ${line.group ?? ''} can give`;
  return line.rule === 'limit' ? 'most and least there is' : line.rule;
}

function howOf(line: ScoreLine, at: Instant): string {
  if (line.axis === 'fit') {
    const share = `${formatPoints(line.share)} % of fit`;
    return line.missing ? `not known, counts ${line.raw} × ${share}` : `${line.raw} × ${share}`;
  }
  if (line.at === null) return `${line.raw} at ${line.points > 0 ? 'least' : 'most'}`;
  return `${line.raw} when it happened, ${ago(at - line.at)}`;
}

/** `B: fit 62 (band B), engagement 31.2 (band 3)`. */
export function summarize({ grade, bands, fit, engagement }: Worth): string {
  return `${grade}: fit ${formatPoints(fit)} (band ${bands.fit}), engagement ${formatPoints(engagement)} (band ${bands.engagement})`;
}

/** `falls to C on 3 Dec 2026, 14:05 if nothing happens`. */
export function foretell(change: GradeChange, from: string, zone: string): string {
  const moment = DateTime.fromMillis(change.at, { zone }).toFormat('d LLL yyyy, HH:mm');
  return `${change.to > from ? 'falls' : 'rises'} to ${change.to} on ${moment} if nothing happens`;
}

/** How many of the things that could be said are said. */
const mostSaid = 3;

/**
 * What took a score up or down: `pricing page 2 hours ago (+10), title (+35 of fit)`.
 * @param way up tells what gave, down what took
 * @param at when it is told, for how long ago things were; null leaves that out
 * @param isAnew whether the scores are by two versions of the agreement
 * @returns null when nothing went that way
 */
export function tellDifference(
  { lines, faded }: Difference,
  way: 'up' | 'down',
  { at, isAnew }: { at: Instant | null; isAnew: boolean },
): string | null {
  const goes = (points: number) => (way === 'up' ? points > 0 : points < 0);
  const ofLines = (way === 'up' ? lines : lines.toReversed())
    .filter(({ gained }) => goes(gained))
    .map(({ line, gained }) => {
      if (line.axis === 'fit') return `${line.rule} (${signed(gained)} of fit)`;
      const when = line.at === null || at === null ? '' : ` ${ago(at - line.at)}`;
      return `${line.rule}${when} (${signed(gained)})`;
    });
  const fades = way === 'up' ? 'what counted against it fades' : 'points fade';
  const fading = isAnew ? 'what it did before counts otherwise' : fades;
  const told = [...ofLines, ...(goes(faded) ? [`${fading} (${signed(faded)})`] : [])];
  return told.length === 0 ? null : some(told, ', ');
}

/** What would lift the grade, the best of it first, in one sentence for activity and one for fields. */
export function tellLifts(lifts: Lifts, worth: Worth): string {
  const { events, fields } = liftsInWords(lifts, worth);
  return [some(events, '; '), ...(fields.length > 0 ? [some(fields, '; ')] : [])]
    .map(asSentence)
    .join(' ');
}

/** Everything that would lift the grade, best first; or why nothing does, in place of activity. */
export function liftsInWords(
  { events, fields, fitHolds }: Lifts,
  { grade, bands }: Worth,
): { events: string[]; fields: string[] } {
  const nothing = () => {
    if (grade === 'A') return 'no grade is better';
    return fitHolds
      ? `no activity alone lifts it: fit is ${bands.fit}`
      : `no one kind of activity lifts it by itself: fit is ${bands.fit}`;
  };
  return {
    events: events.length > 0 ? events.map(tellEventLift) : [nothing()],
    fields: fields.map(tellFieldLift),
  };
}

export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `a pricing page view makes it B`, `2 clicks make it C`. */
function tellEventLift({ event, kind, times, to }: EventLift): string {
  const noun = nounOf(event, kind);
  if (times === 1) return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun} makes it ${to}`;
  const many = /(view|click|download|form|webinar|booking)$/.test(noun)
    ? `${times} ${noun}s`
    : `${times} × ${noun}`;
  // A click counts once for each link of a mail.
  if (kind === 'click') return `${many} on different links make it ${to}`;
  return `${many} make it ${to}`;
}

function nounOf(event: string, kind: EventLift['kind']): string {
  const word = nouns[kind];
  if (event === kind) return kind === 'page' ? 'page view' : (word ?? event);
  return word === undefined || event.endsWith(word) ? event : `${event} ${word}`;
}

/** What an event of a kind is called, where its name alone does not say what somebody does. */
const nouns: Partial<Record<EventLift['kind'], string>> = {
  page: 'view',
  click: 'click',
  download: 'download',
  booked: 'booking',
};

/** `industry is not known: a fitting one could make it B`. */
function tellFieldLift({ fields, to }: FieldLift): string {
  const [field = '', ...others] = fields;
  return others.length === 0
    ? `${field} is not known: a fitting one could make it ${to}`
    : `${fields.join(', ')} are not known: together, fitting ones could make it ${to}`;
}

/** A score, the one before it, and what made it another. */
interface Step {
  score: Score;
  version: number;
  before: { score: Score; version: number } | null;
  difference: Difference;
}

/** A step of a grade's history in words: `first graded`, `up from C: pricing page 2 hours ago (+10)`. */
export function tellStep({ score, version, before, difference }: Step): string {
  if (before === null) return 'first graded';
  const { grade: was } = before.score;
  const way = score.grade < was ? 'up' : 'down';
  const isAnew = version !== before.version;
  const because = tellDifference(difference, way, { at: null, isAnew });
  const ranOut = before.score.handRaised && !score.handRaised ? ['its request ran out'] : [];
  const anew = isAnew ? [`version ${version} of the agreement`] : [];
  if (score.grade === was) return anew.join();
  const why = [...anew, ...ranOut, ...(because === null ? [] : [because])].join('; ');
  return why === '' ? `${way} from ${was}` : `${way} from ${was}: ${why}`;
}

/** `B since 2 Mar 2026, 11:00: up from C: pricing page (+10).`; null where the last step led to another grade. */
export function tellSince(
  last: Step | undefined,
  { grade }: Worth,
  moment: (at: Instant) => string,
): string | null {
  if (last?.score.grade !== grade) return null;
  return `${grade} since ${moment(last.score.at)}: ${tellStep(last)}.`;
}

function some(told: readonly string[], between: string): string {
  const left = told.length - mostSaid;
  return `${told.slice(0, mostSaid).join(between)}${left > 0 ? `${between}and ${left} more` : ''}`;
}

function signed(points: Hundredths): string {
  return `${points > 0 ? '+' : '−'}${formatPoints(Math.abs(points))}`;
}

/** `3 days ago`, in the largest unit that says something. */
function ago(milliseconds: number): string {
  for (const [name, size] of [
    ['day', day],
    ['hour', hour],
    ['minute', minute],
  ] as const) {
    const count = Math.floor(milliseconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
