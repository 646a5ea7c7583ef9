import { contentKey, countsAsMailed } from '../../../domain/nurture/facts.ts';
import { day } from '../../../domain/instant.ts';
import { fault, type Rule } from './finding.ts';
import { listed, some } from './wording.ts';

/** Mails of sequences with leads that went to none of them. */
export const unreachedSteps: Rule = (told, { sequences, from, to }) => {
  const entered = new Set(told.enrollments.map(({ sequence }) => sequence));
  const reached = new Set(
    told.mails
      .filter(({ state }) => countsAsMailed(state))
      .map(({ sequence, step }) => contentKey(sequence, step)),
  );
  const steps = sequences
    .filter(({ name }) => entered.has(name))
    .flatMap(({ name, plan }) =>
      plan.flatMap(instruction =>
        instruction.do === 'mail' ? [contentKey(name, instruction.mail)] : [],
      ),
    )
    .filter(step => !reached.has(step));
  if (steps.length === 0) return null;
  return fault(
    'unreached steps',
    steps.length,
    `${some(steps.length, 'mail')} went to nobody in ${Math.round((to - from) / day)} days: ${listed(steps)}.`,
    steps,
  );
};
