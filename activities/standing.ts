import type { Agreement } from '../domain/agreement/agreement.ts';
import { clockOf } from '../domain/escalation/clock.ts';
import { watchOf } from '../domain/escalation/watch.ts';
import type { Appraisal } from '../domain/nurture/appraise.ts';
import type { EndReason, Stay } from '../domain/nurture/decide.ts';
import type { Next, SalesStanding, Standing } from '../domain/nurture/next.ts';
import type { EscalationState } from '../store/escalation.ts';
import type { LoadedEnrollment } from '../store/facts.ts';

/** What a turn shows of a lead; `rest` says where it is. */
export function standingOf(
  { score, change }: Appraisal,
  rest: Pick<Standing, 'stage'> & Partial<Standing>,
): Standing {
  return {
    grade: score.grade,
    bands: score.bands,
    fit: score.fit,
    engagement: score.engagement,
    sequence: null,
    segment: null,
    mail: null,
    change,
    blocked: null,
    rep: null,
    ...rest,
  };
}

/** What is shown of an open escalation. */
export function salesStanding(state: EscalationState, agreement: Agreement): SalesStanding {
  const clock = state.state === 'queued' ? null : clockOf(watchOf(state), agreement);
  return {
    state: state.state,
    asked: state.assignment.n,
    cause: state.assignment.cause,
    due: clock && { clock: clock.name, at: clock.promisedAt },
    extended: state.extensions.length,
  };
}

/** What an enrollment's workflow waits for. */
export function waitNext(
  { sequence, version, segment }: LoadedEnrollment,
  appraisal: Appraisal,
  { until, then, stage, mail, blocked, task }: Extract<Stay, { kind: 'wait' }>,
): Next {
  const standing = standingOf(appraisal, {
    stage,
    sequence: `${sequence} v${version}`,
    segment,
    mail,
    blocked: blocked && `${blocked.mail}: ${blocked.detail}`,
    ...(task === undefined ? {} : { task }),
  });
  return { v: 1, kind: 'wait', until, then, standing };
}

/** How an enrollment ended, for its workflow. */
export function endedNext(
  appraisal: Appraisal,
  { sequence, version, segment }: LoadedEnrollment,
  reason: EndReason,
): Next {
  const standing = standingOf(appraisal, {
    stage: reason === 'moved' ? 'nurturing' : 'resting',
    sequence: `${sequence} v${version}`,
    segment,
  });
  return { v: 1, kind: 'ended', reason, standing };
}
