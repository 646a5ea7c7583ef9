import { grades, type Grade } from '../../agreement/grade.ts';
import type { CalendarWeek } from '../../calendar/calendar-weeks.ts';
import { hour, type Instant } from '../../instant.ts';
import type { Cause } from '../../nurture/cause.ts';

/** Hours of delay that are told apart; what is longer counts as this long. */
const mostHours = 24 * 120;

/** Of a mail that was put off: what did it. */
export type PutOffBy = 'window' | 'cap';

/** What happened in one run, counted. Weeks and steps by their place. */
export class Tally {
  readonly mailsByWeek: number[];
  readonly escalationsByWeek: number[];
  readonly risesByWeek: number[];
  readonly fallsByWeek: number[];
  /** By the place of the mail's instruction in the plan. */
  readonly mails: number[];
  readonly putOff: Record<PutOffBy, number[]>;
  /** How the leads that began end, each in exactly one way. */
  readonly ends = new Map<string, number>();
  /** By split and variant. */
  readonly exposures = new Map<string, number>();
  /** People asked to do something, by the step's name. */
  readonly tasks = new Map<string, number>();
  /** By grade before and after. */
  readonly grades = new Map<string, number>();
  readonly #weeks: readonly CalendarWeek[];
  readonly #delays: Delays;

  constructor(weeks: readonly CalendarWeek[], steps: number, delays: Delays) {
    const none = (count: number) => new Array<number>(count).fill(0);
    this.#weeks = weeks;
    this.#delays = delays;
    this.mailsByWeek = none(weeks.length);
    this.escalationsByWeek = none(weeks.length);
    this.risesByWeek = none(weeks.length);
    this.fallsByWeek = none(weeks.length);
    this.mails = none(steps);
    this.putOff = { window: none(steps), cap: none(steps) };
  }

  /** @param lateMs how much later than its plan says; it counts where the mail was put off */
  mail(step: number, at: Instant, by: PutOffBy | null, lateMs: number): void {
    count(this.mails, step);
    count(this.mailsByWeek, this.#weekOf(at));
    if (by === null) return;
    count(this.putOff[by], step);
    this.#delays.add(step, lateMs);
  }

  escalation(cause: Cause, at: Instant): void {
    count(this.escalationsByWeek, this.#weekOf(at));
    this.end(`with sales: ${cause}`);
  }

  grade(from: Grade, to: Grade, at: Instant): void {
    const isBetter = grades.indexOf(to) < grades.indexOf(from);
    count(isBetter ? this.risesByWeek : this.fallsByWeek, this.#weekOf(at));
    raise(this.grades, `${from} to ${to}`);
  }

  task(name: string): void {
    raise(this.tasks, name);
  }

  exposure(split: string, variant: string): void {
    raise(this.exposures, exposureKey(split, variant));
  }

  end(how: string): void {
    raise(this.ends, how);
  }

  #weekOf(at: Instant): number {
    const week = this.#weeks.findIndex(({ end }) => at < end);
    return week === -1 ? this.#weeks.length - 1 : week;
  }
}

export function exposureKey(split: string, variant: string): string {
  return `${split}/${variant}`;
}

/** How long mails were put off, over all runs, by the hour. */
export class Delays {
  readonly #byStep = new Map<number, { hours: Uint32Array; count: number; longest: number }>();

  add(step: number, ms: number): void {
    let known = this.#byStep.get(step);
    if (known === undefined) {
      known = { hours: new Uint32Array(mostHours + 1), count: 0, longest: 0 };
      this.#byStep.set(step, known);
    }
    const hours = Math.min(mostHours, Math.round(ms / hour));
    known.hours[hours] = (known.hours[hours] ?? 0) + 1;
    known.count += 1;
    known.longest = Math.max(known.longest, ms);
  }

  /** Half of the mails that were put off went out by `median`, to the hour, and all by `longest`; in milliseconds. */
  of(step: number): { medianMs: number; longestMs: number } | null {
    const known = this.#byStep.get(step);
    if (known === undefined) return null;
    let left = known.count / 2;
    const median = known.hours.findIndex(count => (left -= count) <= 0);
    return { medianMs: median * hour, longestMs: known.longest };
  }
}

function count(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
