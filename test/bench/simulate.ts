import { readFile } from 'node:fs/promises';
import { instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { Random } from '../../domain/random.ts';
import { Simulator } from '../../domain/sequence/simulate.ts';
import { readAssumptions } from '../../domain/sequence/simulate/assumptions.ts';
import { behaviorOf } from '../../domain/sequence/simulate/behavior.ts';
import { readRules } from '../../mail/sequence-folder.ts';
import { theFacts } from '../domain/facts.ts';
import { simulationOf } from '../domain/sequence/simulated.ts';
import { low } from './report.ts';
import type { Scenario } from './run.ts';

const leads = 10_000;

/** What one run of a simulation costs one core: ten thousand leads in the shipped sequence over a quarter. */
export const simulate: Scenario = async (_machine, { pairs, say }) => {
  const rules = await readRules('templates', 'c-nurture');
  const file = 'templates/assumptions.yaml';
  const assumptions = readAssumptions(file, await readFile(file, 'utf8'));
  const random = new Random(1);
  const crowd = Array.from({ length: leads }, (_, n) => {
    const fields = {
      ...noFields,
      title: random.pick(['Plant Manager', 'VP Operations', 'Shift Lead', 'Engineer', null]),
      industry: random.pick(['manufacturing', 'Logistics', 'retail', null]),
      employees: random.pick([null, 50, 300, 5_000]),
      country: random.pick(['DE', 'NL', 'US', 'AT', 'FR', null]),
    };
    return theFacts({ fields, spread: `lead ${n}` });
  });
  const simulator = new Simulator(
    simulationOf(rules, crowd, instant(Date.parse('2026-03-02T08:00:00Z')), {
      ...{ sequence: 'c-nurture', behavior: behaviorOf(rules.plan, assumptions, null) },
    }),
  );
  const seconds: number[] = [];
  for (let n = 0; n < pairs; n++) {
    const before = process.cpuUsage();
    simulator.run();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1_000_000);
    say(`simulate: ${seconds.at(-1)?.toFixed(2)} s of CPU`);
  }
  return [low('simulate', 'CPU seconds for a run of 10,000 leads over 90 days', seconds, 5)];
};
