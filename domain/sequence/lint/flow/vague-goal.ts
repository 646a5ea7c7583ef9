import type { Rule } from '../finding.ts';
import { wordsOf } from '../prose.ts';

/** Words that any sequence could say of itself. */
const vague =
  /^(?:nurtur\w*|engag\w*|leads?|mails?|e-?mails?|send\w*|market\w*|sales|sell|more|our|the|and|to|for|of|a|new|stay|keep|in|touch|follow|up|customers?|campaign|sequence|test)$/i;

export const vagueGoal: Rule = {
  id: 'vague-goal',
  severity: 'hint',
  why: 'Both teams read the goal beside the figures: it says what a mail of it is for.',
  mend: 'Say whom it should bring to do what.',
  example: {
    wrong: 'goal: Nurture leads',
    right: 'goal: Show plant managers what unplanned stops cost',
  },
  check: ({ file, document: { goal }, placeOf }) =>
    wordsOf(goal).filter(word => !vague.test(word)).length >= 2
      ? []
      : [
          {
            file,
            ...placeOf(['goal']),
            message: `"${goal}" could be the goal of any sequence; say whom it should bring to do what.`,
          },
        ],
};
