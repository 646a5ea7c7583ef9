import { suggestion } from '../../document/nearest.ts';
import { formRules, type FormRule } from './form.ts';
import type { Rule } from './finding.ts';
import { rules } from './rules.ts';

/** What a rule is about, in lines for a person; or which names there are, where there is no such rule. */
export function explainRule(id: string): { lines: string[] } | { problem: string } {
  const all: readonly (Rule | FormRule)[] = [...rules, ...formRules];
  const rule = all.find(each => each.id === id);
  if (rule === undefined)
    return {
      problem: `There is no rule "${id}".${suggestion(
        id,
        all.map(each => each.id),
      )} docs/linting.md shows them all.`,
    };
  const { severity, why, mend } = rule;
  const lines = [`${id} (${severity})`, '', why, `How to mend it: ${mend}`];
  if ('example' in rule)
    lines.push('', `wrong: ${rule.example.wrong}`, `right: ${rule.example.right}`);
  if ('fix' in rule) lines.push('', `--fix ${rule.fix}.`);
  return { lines };
}
