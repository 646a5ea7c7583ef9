import type { Grade } from '../../../domain/agreement/grade.ts';
import { day, hour, instant, minute, plus, type Instant } from '../../../domain/instant.ts';
import { companies, firstNames, lastNames } from '../../../sandbox/sample/names.ts';
import { Random } from '../../../domain/random.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';
import { aTold } from './told.ts';

const steps: Readonly<Record<string, readonly (readonly [days: number, step: string])[]>> = {
  'c-nurture': [
    ...([
      [0, '01-welcome'],
      [4, '02-what-a-stop-costs'],
      [9, '03-three-plants'],
    ] as const),
    ...([
      [14, '04-two-minutes'],
      [22, '05-whom-should-i-ask'],
    ] as const),
  ],
  'd-long-cycle': [
    ...([
      [0, '01-field-guide'],
      [21, '02-benchmark'],
      [49, '03-checklist'],
    ] as const),
    ...([
      [77, '04-maintenance-round'],
      [105, '05-still-useful'],
    ] as const),
  ],
  'stay-in-touch': [
    [7, '01-fair-enough'],
    [37, '02-what-changed'],
    [67, '03-one-number'],
  ],
};
const reps = ['lena', 'emil', 'sophie', 'daan'];

/** Ninety days of a program that never ran, believable at a glance and the same for the same seed. */
export function madeUpProgram(
  seed: number,
  leads: number,
  from: Instant,
  to: Instant,
): WhatHappened {
  const random = new Random(seed);
  const told = aTold();
  for (const lead of addresses(random, leads)) {
    const seen = random.chance(0.7)
      ? plus(from, random.below(20 * minute))
      : plus(from, random.below(70) * day + random.below(9 * hour));
    live(told, random, lead, seen, to);
  }
  for (const list of Object.values(told) as { at: Instant }[][]) list.sort((a, b) => a.at - b.at);
  return told;
}

function addresses(random: Random, count: number): Set<string> {
  const found = new Set<string>();
  while (found.size < count) {
    const plain = (name: string) =>
      name
        .normalize('NFD')
        .replace(/[^a-z]/gi, '')
        .toLowerCase();
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)];
    const number = found.size > 200 ? String(found.size) : '';
    found.add(`${plain(first)}.${plain(last)}${number}@${random.pick(companies).domain}`);
  }
  return found;
}

/** One lead from coming in to the end: mails, clicks, crossings and what sales says. */
function live(told: WhatHappened, random: Random, lead: string, seen: Instant, to: Instant): void {
  const fit = random.below(100);
  const keen = random.next() ** 3;
  let engagement = random.below(24);
  let sequence = engagement + fit > 60 ? 'c-nurture' : 'd-long-cycle';
  let begun = seen;
  const score = (at: Instant) => {
    const grade = gradeOf(fit, engagement);
    if (at <= to)
      told.scores.push({ lead, at, grade, fit: fit * 100, engagement: engagement * 100 });
    return grade;
  };
  let grade = score(seen);
  const segment = random.chance(0.55) ? 'makers and movers' : 'everyone else';
  for (let round = 0; round < 3 && begun <= to; round++) {
    const enrolled: WhatHappened['enrollments'][number] = {
      ...{ lead, at: begun, sequence, segment: round === 0 ? segment : null },
      ...{ endedAt: null, endReason: null },
    };
    told.enrollments.push(enrolled);
    let crossed: Instant | null = null;
    for (const [days, step] of steps[sequence] ?? []) {
      const due = days === 0 ? begun : inWindow(plus(begun, days * day), random);
      if (due > to || crossed !== null) break;
      const state = random.chance(0.004) ? 'unknown' : 'accepted';
      told.mails.push({ lead, at: due, sequence, step, state });
      if (!random.chance(0.05 + keen * 0.7)) {
        engagement = Math.max(0, engagement - 6);
        grade = score(plus(due, 20 * hour));
        continue;
      }
      const clicked = plus(due, 5 * minute + random.below(30 * hour));
      if (clicked > to) break;
      told.engagements.push({ lead, at: clicked, kind: 'click', subject: '/calculator' });
      engagement = Math.min(100, engagement + 6 + random.below(26));
      grade = score(plus(clicked, minute));
      if (grade === 'A' || grade === 'B') crossed = plus(clicked, minute);
    }
    if (crossed === null) break;
    Object.assign(enrolled, { endedAt: crossed, endReason: 'escalated' });
    const back = escalate(told, random, lead, grade, crossed, to);
    if (back === null) break;
    engagement = Math.max(0, engagement - 40);
    grade = score(back);
    [sequence, begun] = ['stay-in-touch', back];
  }
  told.leads.push({ lead, at: seen, grade });
}

/** When sales gave it back, or null. */
function escalate(
  told: WhatHappened,
  random: Random,
  lead: string,
  grade: Grade,
  crossed: Instant,
  to: Instant,
): Instant | null {
  const owner = random.pick(reps);
  const due = inWindow(plus(crossed, day), random);
  const answered = plus(crossed, random.chance(0.9) ? random.below(due - crossed) : 4 * day);
  const rejected = random.chance(0.35);
  const isAnswered = answered <= to && random.chance(0.95);
  told.escalations.push({
    ...{ lead, at: crossed, grade, cause: 'crossing', owner, acceptDueAt: due },
    endedAt: isAnswered && rejected ? answered : null,
  });
  if (!isAnswered) return null;
  const reason = rejected ? random.pick(['not now', 'unreachable', 'wrong target']) : null;
  const kind = rejected ? 'rejected' : 'accepted';
  told.answers.push({ lead, at: answered, kind, reason, by: owner });
  return rejected ? plus(answered, minute) : null;
}

/** The next Tuesday to Thursday between nine and four, by a clock an hour ahead of UTC. */
function inWindow(at: Instant, random: Random): Instant {
  const midnight = Math.floor(at / day) * day;
  for (let days = 0; ; days++) {
    const weekday = new Date(midnight + days * day).getUTCDay();
    if (weekday >= 2 && weekday <= 4)
      return instant(midnight + days * day + 8 * hour + random.below(7 * hour));
  }
}

function gradeOf(fit: number, engagement: number): Grade {
  const sum = fit * 0.6 + engagement;
  return sum > 95 ? 'A' : sum > 75 ? 'B' : sum > 40 ? 'C' : 'D';
}
