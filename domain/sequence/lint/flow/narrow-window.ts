import { findingInStep, type Finding, type Rule } from '../finding.ts';

/** Minutes; in less a few hundred mails go out in a burst, and what is late misses it. */
const leastMinutes = 60;

export const narrowWindow: Rule = {
  id: 'narrow-window',
  severity: 'warning',
  why: 'All mails of a week go out in one burst then; a holiday, a cap or a pause moves them by another week.',
  mend: 'Give it two hours on two days at least.',
  example: {
    wrong: 'window: { days: sun, from: 09:00, to: 09:10 }',
    right: 'window: { days: tue-thu, from: 09:00, to: 16:00 }',
  },
  check: sequence => {
    const { document, plan, file, placeOf } = sequence;
    const told = (window: typeof document.window): string | null => {
      if (window === undefined || window === 'always') return null;
      const open = window.to - window.from;
      return open < leastMinutes
        ? `the window is open for ${open} minutes a day; leave it open for ${leastMinutes} at least.`
        : null;
    };
    const findings: Finding[] = [];
    const whole = told(document.window);
    if (whole !== null) findings.push({ file, ...placeOf(['window']), message: whole });
    for (const [step, instruction] of plan.entries()) {
      if (instruction.do !== 'mail' || instruction.window === document.window) continue;
      const message = told(instruction.window ?? undefined);
      if (message !== null) findings.push(findingInStep(sequence, step, 'window', message));
    }
    return findings;
  },
};
