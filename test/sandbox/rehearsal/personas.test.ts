import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../domain/document/problem.ts';
import { byShare, chanceOf } from '../../../sandbox/people/chance.ts';
import { readPersonas } from '../../../sandbox/people/schema.ts';
import { theAgreement } from '../../domain/facts.ts';

const text = readFileSync('sandbox/people/personas.yaml', 'utf8');
const reasons = Object.keys(theAgreement().rejections);
const problemsOf = (changed: string) => {
  try {
    readPersonas('people.yaml', changed, reasons);
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  return null;
};

describe('personas', () => {
  it('that are shipped are sound', () => {
    const { leads, reps } = readPersonas('people.yaml', text, reasons);
    expect(Object.keys(leads).length).toBeGreaterThanOrEqual(12);
    expect(reps.silent?.answers).toBe('never');
    expect(leads['evening reader']?.clicks).toBe(0.45);
  });

  it.each([
    ['clicks: 45 %', 'clicks: 145 %', '"145 %": a chance is written like "40 %"'],
    ['does: replies', 'does: replys', 'Did you mean "replies"?'],
    ['after: 3 mails', 'after: 3 males', 'like "3 mails", "2 clicks" or "50 days"'],
    ['looks: 18:30-22:00', 'looks: 22:00-18:30', 'hours are written like "18:30-22:00"'],
    ['does: is away, days: 14', 'does: is away', '"days" belongs to "is away"'],
    [
      'reasons: [unreachable, bad data',
      'reasons: [unreachable, bad date',
      'The agreement knows no reason "bad date"',
    ],
    [
      'answers: never',
      'answers: seldom',
      'this is "after 1 hour", "at the last moment" or "never"',
    ],
    ['share: 14', 'shares: 14', 'Did you mean "share"?'],
  ])('with %s changed to "%s" are refused, with the place', (right, wrong, why) => {
    const message = problemsOf(text.replace(right, wrong));
    expect(message).toMatch(/people\.yaml:\d+:\d+/);
    expect(message).toContain(why);
  });

  it('are spread by their shares, the same for the same person', () => {
    const { leads } = readPersonas('people.yaml', text, reasons);
    const names = Array.from(
      { length: 2_000 },
      (_, n) => byShare(leads, chanceOf(1, 'lead', `lead-${n}@company.example`)).name,
    );
    const silent = names.filter(name => name === 'silent').length;
    // 26 of 104 shares.
    expect(silent).toBeGreaterThan(420);
    expect(silent).toBeLessThan(580);
    expect(byShare(leads, chanceOf(1, 'lead', 'lead-0@company.example')).name).toBe(names[0]);
  });
});
