import type { Appraisal } from '../domain/nurture/appraise.ts';
import type { Standing } from '../domain/nurture/next.ts';

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
