import { findingInStep, type Rule } from '../finding.ts';
import { windowFor } from '../window.ts';

const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const untilOutsideWindow: Rule = {
  id: 'until-outside-window',
  severity: 'warning',
  why: 'A mail goes out within its window, whatever the wait says: on another day then, or at another hour.',
  mend: 'Wait until a day and hour inside the window, or give the mail a window of its own.',
  example: {
    wrong: '- wait: until saturday 09:30 (window: tue-thu)',
    right: '- wait: until tuesday 09:30',
  },
  check: sequence =>
    sequence.plan.flatMap((instruction, step) => {
      const next = sequence.plan[step + 1];
      if (instruction.do !== 'wait' || instruction.wait.kind !== 'until' || next?.do !== 'mail')
        return [];
      const window = windowFor(sequence, step + 1);
      if (window === null || window === 'always') return [];
      const { weekday, minutes } = instruction.wait;
      const day = names[weekday - 1] ?? '';
      const message = !window.days.includes(weekday)
        ? `the window of "${next.mail}" lets nothing out on a ${day}; it goes out on another day.`
        : minutes < window.from || minutes >= window.to
          ? `the window of "${next.mail}" is closed at that time; it goes out at another.`
          : null;
      return message === null ? [] : [findingInStep(sequence, step, 'wait', message)];
    }),
};
