import { grades } from '../../domain/agreement/grade.ts';
import type { Instant } from '../../domain/instant.ts';
import type { GradeStep } from '../../store/lead-sheet.ts';

/** The chart's own units: it is drawn as wide as the page, and stretched. */
const width = 1_000;
const lane = 24;
/** What is shorter than this is drawn so long, to be seen. */
const least = 4;

/**
 * How the grade went, from the oldest step that is told to now: one lane a grade, the best on top. The table below
 * it says the same in words.
 * @param steps newest first
 */
export function GradeChart(props: {
  steps: readonly GradeStep[];
  at: Instant;
  moment: (when: Instant) => string;
}): string {
  const steps = props.steps.toReversed();
  const [first] = steps;
  if (first === undefined) return '';
  const from = first.score.at;
  const span = Math.max(1, props.at - from);
  const x = (when: Instant) => ((when - from) / span) * width;
  const way = steps.map(({ score }) => score.grade).join(', ');
  return (
    <figure class="grades">
      <ol class="lanes" aria-hidden="true">
        {grades.map(grade => (
          <li>{grade}</li>
        ))}
      </ol>
      <svg
        viewBox={`0 0 ${width} ${lane * grades.length}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Its grades, one after the other: ${way}.`}
      >
        {steps.map(({ score }, index) => {
          const until = steps[index + 1]?.score.at ?? props.at;
          const begins = Math.min(x(score.at), width - least);
          return (
            <rect
              class={`grade-${score.grade}`}
              x={begins}
              y={grades.indexOf(score.grade) * lane + 4}
              width={Math.max(least, x(until) - begins)}
              height={lane - 8}
            >
              <title safe>{`${score.grade} from ${props.moment(score.at)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption
        class="quiet"
        safe
      >{`${props.moment(from)} to ${props.moment(props.at)}`}</figcaption>
    </figure>
  ) as string;
}
