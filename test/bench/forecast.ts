import { instant } from '../../domain/instant.ts';
import { forecast as forecastOf } from '../../outlook/forecast.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { crowdNow, fillWithLeads } from '../crowd.ts';
import { prepare } from './program.ts';
import { low } from './report.ts';
import type { Scenario } from './run.ts';

const leads = 100_000;

/** How long a draft's forecast takes, over 100,000 leads with twenty events each, from the first statement to the last interval. */
export const forecast: Scenario = async (machine, { pairs, say }) => {
  const { database } = machine;
  await prepare(machine, ['everybody']);
  await fillWithLeads(machine.env.DATABASE_URL ?? '', leads);
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('No agreement is active.');
  const { grade } = stored.agreement;
  const draft = { ...stored.agreement, grade: { ...grade, cuts: { ...grade.cuts, low: 15 } } };
  const seconds: number[] = [];
  for (let n = 0; n < pairs; n++) {
    const began = Date.now();
    const request = { draft, name: 'draft', from: null, to: instant(Date.parse(crowdNow)) };
    const { leads: looked } = await forecastOf(database, {
      ...request,
      onProgress: () => undefined,
    });
    seconds.push((Date.now() - began) / 1000);
    say(`forecast: ${looked} leads in ${seconds.at(-1)?.toFixed(1)} s`);
  }
  return [low('forecast', 'seconds for 100,000 leads with two million events', seconds, 60)];
};
