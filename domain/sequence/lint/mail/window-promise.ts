import { findingInStep, type Rule } from '../finding.ts';
import { roughly } from '../prose.ts';
import { windowFor } from '../window.ts';
import { relativeDay } from './relative-day.ts';

const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** Parts of the day, in minutes since midnight. */
const parts: readonly { word: RegExp; from: number; to: number }[] = [
  { word: /\bgood morning\b|\bthis morning\b/i, from: 0, to: 12 * 60 },
  { word: /\bgood afternoon\b|\bthis afternoon\b/i, from: 12 * 60, to: 18 * 60 },
  { word: /\bgood evening\b|\bthis evening\b|\btonight\b/i, from: 17 * 60, to: 24 * 60 },
];

export const windowPromise: Rule = {
  id: 'window-promise',
  severity: 'warning',
  why: 'A subject that names a day or an hour at which the window lets nothing out is never true.',
  mend: 'Name no day and no hour, or give the step a window that keeps the promise.',
  example: {
    wrong: 'subject: Good evening! (window: 09:00 to 16:00)',
    right: 'subject: A thought for the end of the day',
  },
  check: sequence =>
    sequence.mails.flatMap(({ subject, preheader, step }) => {
      const window = windowFor(sequence, step);
      return Object.entries({ subject, preheader }).flatMap(([key, text]) => {
        const words = roughly(text);
        const message = brokenBy(words, window);
        return message === null ? [] : [findingInStep(sequence, step, key, message)];
      });
    }),
};

function brokenBy(words: string, window: ReturnType<typeof windowFor>): string | null {
  if (window === 'always') return null;
  if (window !== null) {
    const day = names.findIndex(name =>
      new RegExp(`\\b(?:happy|this|on|it'?s|until|only)\\s+${name}\\b`, 'i').test(words),
    );
    if (day >= 0 && !window.days.includes(day + 1))
      return `this says ${names[day] ?? ''}, when the window lets no mail out.`;
    if (/\b(this|happy|good|nice)\s+weekend\b/i.test(words) && !window.days.some(each => each > 5))
      return 'this says weekend, when the window lets no mail out.';
    const part = parts.find(({ word }) => word.test(words));
    if (part !== undefined && (window.from >= part.to || window.to <= part.from))
      return 'this names a part of the day in which the window lets no mail out.';
    if (part !== undefined && (window.from < part.from || window.to > part.to))
      return 'this names a part of the day, and the window lets the mail out at others.';
  }
  const [found] = relativeDay.exec(words) ?? /\btoday\b/i.exec(words) ?? [];
  return found === undefined
    ? null
    : `"${found}" may be wrong when the mail arrives: its window may move it.`;
}
