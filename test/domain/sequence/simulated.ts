import type { Instant } from '../../../domain/instant.ts';
import type { Facts } from '../../../domain/nurture/facts.ts';
import type { Plan, Rules } from '../../../domain/sequence/plan.ts';
import type { SimulationOptions } from '../../../domain/sequence/simulate.ts';
import {
  reactions,
  type Behavior,
  type Reaction,
} from '../../../domain/sequence/simulate/behavior.ts';
import { compiledName } from '../../../domain/sequence/plan.ts';
import { theAgreement } from '../facts.ts';

/** What everybody does after every mail, each for sure or never, and always as long after it. */
export function everybody(
  plan: Plan,
  chances: Partial<Record<Reaction, number>> = {},
  afterMs = 3_600_000,
  own: Behavior['own']['deeds'] = [],
): Behavior {
  const basis = { kind: 'assumed' } as const;
  const each = <Value>(value: (reaction: Reaction) => Value) =>
    Object.fromEntries(reactions.map(reaction => [reaction, value(reaction)])) as Record<
      Reaction,
      Value
    >;
  const names = plan.flatMap(step => (step.do === 'mail' ? [compiledName(step)] : []));
  return {
    mails: Object.fromEntries(
      names.map(name => [name, each(reaction => ({ rate: chances[reaction] ?? 0, basis }))]),
    ),
    delays: each(() => ({ quantiles: [afterMs, afterMs], basis })),
    own: { deeds: own, basis },
    lively: { share: 0.5, does: 0.5, why: 'All are alike.' },
  };
}

/** What is simulated, where a test says nothing else. */
export function simulationOf(
  rules: Rules,
  leads: readonly Facts[],
  begin: Instant,
  more: Partial<SimulationOptions> = {},
): SimulationOptions {
  return {
    ...{ sequence: 'test', version: 'draft', agreed: 'version 1', from: 'test' },
    ...{ rules, leads, begin, days: 90, seed: 1, clickHoldMs: 60_000 },
    ...{ agreement: theAgreement(), published: new Set<string>() },
    behavior: everybody(rules.plan),
    ...more,
  };
}
