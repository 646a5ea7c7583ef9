import { activeAgreement } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { activePeople } from '../../store/person.ts';
import { currentVersions } from '../../store/sequence-version.ts';
import { blockedLeads, whatHappened } from '../../store/what-happened.ts';
import { daysOf, weeksOf } from './days.ts';
import { digestOf } from './digest.ts';
import { findingsOf } from './findings.ts';
import type { RehearsalReport } from './report/report.ts';

/** What was played, and how. */
export type Played = Pick<
  RehearsalReport,
  'title' | 'seed' | 'from' | 'to' | 'tookMs' | 'forwards' | 'faults'
>;

/** What came of a rehearsal, read from the database that it was played in. */
export async function resultOf(database: Database, played: Played): Promise<RehearsalReport> {
  const { from, to } = played;
  const active = await activeAgreement(database);
  if (active === null) throw new Error('No agreement is active.');
  const { working_hours: hours, segments } = active.agreement;
  const { zone } = hours;
  const told = await whatHappened(database);
  const people = await activePeople(database);
  const versions = await currentVersions(database);
  const findings = findingsOf(told, {
    ...{ from, to, zone, people },
    sequences: versions.map(({ name, content }) => ({ name, plan: content.plan })),
    segments: segments.map(({ name }) => name),
    blocked: await blockedLeads(database),
  });
  return {
    ...played,
    zone,
    digest: digestOf(told),
    told,
    days: daysOf(told, from, to, zone),
    weeks: weeksOf(told, from, to, zone, capacityOf(people)),
    findings,
  };
}

/** How many escalations the reps can take in a week together; null when one has no limit. */
function capacityOf(people: readonly { role: string; capacity: number | null }[]): number | null {
  const reps = people.filter(({ role }) => role === 'rep');
  return reps.reduce<number | null>(
    (sum, { capacity }) => (sum === null || capacity === null ? null : sum + capacity),
    0,
  );
}
