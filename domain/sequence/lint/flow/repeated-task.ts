import type { Rule } from '../finding.ts';

export const repeatedTask: Rule = {
  id: 'repeated-task',
  severity: 'error',
  why: 'A lead is given a task of one name once, so a second step with it would be passed over.',
  mend: 'Give each task a name of its own.',
  example: {
    wrong: '- { task: call, … } twice',
    right: '- { task: call, … }, then - { task: call-again, … }',
  },
  check: ({ file, plan, placeOfStep }) => {
    const had = new Set<string>();
    return plan.flatMap((instruction, step) => {
      if (instruction.do !== 'task') return [];
      const { task } = instruction;
      const isFirst = !had.has(task);
      had.add(task);
      if (isFirst) return [];
      const message = `"${task}" stands in two steps; give the second another name.`;
      return [{ file, ...placeOfStep(step, 'task'), message }];
    });
  },
};
