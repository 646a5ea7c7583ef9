import type { Agreement } from '../domain/agreement/agreement.ts';
import { differenceOf, type Difference } from '../domain/agreement/difference.ts';
import { liftsOf } from '../domain/agreement/lift.ts';
import { nextGradeChange } from '../domain/agreement/next-change.ts';
import { scoreLead, type Score } from '../domain/agreement/score.ts';
import { stageName, stageOf } from '../domain/agreement/stages.ts';
import type { AgreementId, EscalationId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { decideEnrollment, pinned } from '../domain/nurture/decide.ts';
import { zoneOf } from '../domain/nurture/mail-moment.ts';
import type { Cause } from '../domain/nurture/cause.ts';
import type { Crossing, Outlook } from '../domain/nurture/why-now.ts';
import {
  accountOfLead,
  leadsOfAccount,
  type AccountHead,
  type AccountLead,
} from './account-sheet.ts';
import { agreementById } from './agreement.ts';
import type { Session } from './database.ts';
import { loadFacts, type LoadedFacts } from './facts.ts';
import { salesProgress } from './sales-progress.ts';
import { crossingsOf, gradeSteps, type ScoreStep } from './score.ts';
import { versionById } from './sequence-version.ts';
import { leadStory, type LeadStory } from './story.ts';
import { tasksOfLead, type Task } from './task.ts';

/** One step of a lead's grade, and what made it. */
export interface GradeStep extends ScoreStep {
  difference: Difference;
}

/** A lead as both teams look at it: what it is worth now and why, where it is, and how it came there. */
export interface LeadSheet extends Outlook {
  now: Score;
  story: LeadStory;
  agreement: Agreement;
  /** The version of the agreement that `now` was made under. */
  version: number;
  /** How far it has come, by the name that both teams have for it. */
  stage: string;
  /** Its company; null when its address tells none. */
  account: AccountHead | null;
  /** Other leads of the same account, the best first. */
  colleagues: AccountLead[];
  /** The lead's time zone. */
  zone: string;
  /** The mail that comes next, and when, if the lead waits for one. */
  mail: { name: string; at: Instant } | null;
  /** What people were asked to do for it, newest first. */
  tasks: Task[];
  /** Newest first. */
  steps: GradeStep[];
}

/** How many steps of the past are told. */
const mostSteps = 20;

/** Everything there is to show of a lead at a moment. Nothing is written. */
export async function leadSheet(
  session: Session,
  id: LeadId,
  at: Instant,
): Promise<LeadSheet | null> {
  const [story, facts, steps, sales, account, colleagues, tasks] = await Promise.all([
    leadStory(session, id, at),
    loadFacts(session, id, at),
    gradeSteps(session, id, at, mostSteps),
    salesProgress(session, id, at),
    accountOfLead(session, id),
    leadsOfAccount(session, id, at),
    tasksOfLead(session, id),
  ]);
  if (story === null || facts === null) return null;
  const { agreement, version } = await agreementById(session, facts.agreementId);
  return {
    story,
    agreement,
    version,
    stage: stageName(
      stageOf({ grade: facts.lead.grade, account: facts.lead.account, sales }),
      agreement.stages,
    ),
    account,
    colleagues,
    tasks,
    zone: zoneOf(facts, agreement),
    mail: await nextMail(session, facts, agreement, at),
    steps: await explained(session, steps),
    ...outlookOf(facts, agreement, at),
  };
}

/** What a lead is worth at a moment, and what may become of it. */
export function outlookOf(
  { lead, events }: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Outlook & { now: Score } {
  const now = scoreLead(agreement, lead.fields, events, lead.bands, at);
  return {
    now,
    change: nextGradeChange(agreement, events, now),
    lifts: liftsOf(agreement, lead.fields, events, now),
  };
}

/** What the rep of an escalation is to know of the crossing; null when there is none. */
export async function explainedCrossing(
  session: Session,
  escalation: { id: EscalationId; cause: Cause },
): Promise<Crossing | null> {
  return (await explainedCrossings(session, [escalation])).get(escalation.id) ?? null;
}

/** The same of several escalations. */
export async function explainedCrossings(
  session: Session,
  escalations: readonly { id: EscalationId; cause: Cause }[],
): Promise<Map<EscalationId, Crossing>> {
  const causes = new Map(escalations.map(({ id, cause }) => [id, cause]));
  const steps = await explained(session, await crossingsOf(session, [...causes.keys()]));
  return new Map(
    steps.flatMap(({ escalation, ...step }) => {
      const cause = causes.get(escalation);
      return cause === undefined ? [] : [[escalation, { ...step, cause }]];
    }),
  );
}

/** Steps with what made them, each by the agreement that it was made under. */
async function explained<Step extends ScoreStep>(
  session: Session,
  steps: readonly Step[],
): Promise<(Step & GradeStep)[]> {
  const agreements = new Map<AgreementId, Agreement>();
  for (const { agreementId } of steps)
    if (!agreements.has(agreementId))
      agreements.set(agreementId, (await agreementById(session, agreementId)).agreement);
  return steps.flatMap(step => {
    const agreement = agreements.get(step.agreementId);
    if (agreement === undefined) return [];
    return [
      { ...step, difference: differenceOf(step.before?.score ?? null, step.score, agreement) },
    ];
  });
}

async function nextMail(
  session: Session,
  facts: LoadedFacts,
  agreement: Agreement,
  at: Instant,
): Promise<{ name: string; at: Instant } | null> {
  const { enrollment } = facts;
  if (enrollment === null) return null;
  const { name: sequence, content } = await versionById(session, enrollment.versionId);
  const { move } = decideEnrollment(
    { ...facts, enrollment },
    agreement,
    pinned({ name: sequence, content }),
    at,
  );
  return move.kind === 'wait' ? move.mail : null;
}
