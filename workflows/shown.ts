import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Next } from '../domain/nurture/next.ts';
import { attributes, type Attribute } from './attributes.ts';
import { details } from './details.ts';

/** What ops see of a workflow: its search attributes, and where the lead stands, in Markdown. */
export class Shown {
  /** As the server has them; a repeated value is never sent again. */
  readonly #values = new Map<Attribute, string>();

  constructor() {
    const { typedSearchAttributes: given } = workflowInfo();
    for (const [name, key] of Object.entries(attributes) as [
      Attribute,
      (typeof attributes)[Attribute],
    ][]) {
      const value = given.get(key);
      if (typeof value === 'string') this.#values.set(name, value);
    }
  }

  show(next: Next): void {
    setCurrentDetails(details(next));
    const { grade, stage, segment, sequence, rep } = next.standing;
    const outcome = outcomeOf(next);
    const wanted: Partial<Record<Attribute, string | null>> = {
      grade,
      stage,
      segment,
      sequence: sequence?.split(' ')[0] ?? null,
      rep,
      outcome,
    };
    const changed = (Object.entries(wanted) as [Attribute, string | null][]).filter(
      ([name, value]) => value !== null && value !== this.#values.get(name),
    );
    if (changed.length === 0) return;
    upsertSearchAttributes(changed.map(([name, value]) => ({ key: attributes[name], value })));
    for (const [name, value] of changed) if (value !== null) this.#values.set(name, value);
  }
}

function outcomeOf(next: Next): string | null {
  switch (next.kind) {
    case 'wait':
      return null;
    case 'ended':
      return next.reason;
    case 'escalated':
    case 'enrolled':
      return next.kind;
    case 'resting':
      return 'resting';
    default:
      return next satisfies never;
  }
}
