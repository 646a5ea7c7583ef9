import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differenceOf } from '../../domain/agreement/difference.ts';
import { explainScore } from '../../domain/agreement/explain.ts';
import { liftsOf } from '../../domain/agreement/lift.ts';
import { nextGradeChange } from '../../domain/agreement/next-change.ts';
import { scoreLead } from '../../domain/agreement/score.ts';
import { formatPoints } from '../../domain/hundredths.ts';
import { day, plus } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { whyNow } from '../../domain/nurture/why-now.ts';
import { anEvent, monday, theAgreement } from '../domain/facts.ts';

const agreement = theAgreement();
const fields = {
  ...noFields,
  title: 'Maintenance Manager',
  industry: 'manufacturing',
  employees: 300,
  country: 'DE',
};
const daysAgo = (days: number) => plus(monday, -days * day);
const events = [
  anEvent({ kind: 'webinar', subject: 'Webinar: stops', at: daysAgo(18) }),
  anEvent({ kind: 'click', subject: 'https://northwind.example/guide', at: daysAgo(10) }),
  anEvent({ subject: '/pricing', at: daysAgo(3) }),
];
const looks = anEvent({ subject: '/pricing' });

/** The example of the guide, as the shipped agreement scores it. */
function workedExample(): string[] {
  const before = scoreLead(agreement, fields, events, null, daysAgo(3));
  const now = scoreLead(agreement, fields, [...events, looks], before.bands, monday);
  const change = nextGradeChange(agreement, [...events, looks], now);
  const lifts = liftsOf(agreement, fields, [...events, looks], now);
  const crossing = {
    cause: 'crossing',
    score: now,
    version: 1,
    before: { version: 1 },
    difference: differenceOf(before, now, agreement),
  } as const;
  const rows = (['fit', 'engagement'] as const).flatMap(axis => [
    ...explainScore(now)
      .filter(line => line.axis === axis)
      .map(({ what, how, points }) => [what, how, points] as const),
    [axis, '', formatPoints(now[axis])] as const,
  ]);
  return [
    ...rows.map(
      ([what, how, points]) => `${what.padEnd(18)}${how.padEnd(36)}${points.padStart(6)}`,
    ),
    '',
    ...whyNow(crossing, { now, change, lifts }, 'Europe/Berlin'),
  ];
}

it('the guide to scoring tells an example that comes out as it says', () => {
  const guide = readFileSync('docs/scoring.md', 'utf8');
  const [, told = ''] = /<!-- the worked example -->\n\n```\n([^`]*)```/.exec(guide) ?? [];
  expect(told.trimEnd().split('\n')).toEqual(workedExample());
});

it('the guide to scoring names every group, cap and cut of the shipped agreement', () => {
  const guide = readFileSync('docs/scoring.md', 'utf8');
  for (const [group, { cap, window }] of Object.entries(agreement.engagement))
    expect(guide).toMatch(
      new RegExp(`\\| ${group} +\\| ${cap ?? 'none'} +\\| ${window / day} days`),
    );
  const { cuts, hysteresis } = agreement.grade;
  expect(guide).toContain(`${cuts.high}, ${cuts.middle} and ${cuts.low}`);
  expect(guide).toContain(`${hysteresis} points below`);
});
