import type { Scenario } from './run.ts';
import { asleep } from './asleep.ts';
import { cost } from './cost.ts';
import { drip } from './drip.ts';
import { forecast } from './forecast.ts';
import { ingest } from './ingest.ts';
import { escalate, turn } from './latency.ts';
import { regrade } from './regrade.ts';
import { render } from './render.ts';
import { score } from './score.ts';
import { saved } from './saved.ts';
import { simulate } from './simulate.ts';
import { starts } from './starts.ts';
import { steps } from './steps.ts';

/** Every scenario by the name that `npm run bench` knows it by. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  steps,
  starts,
  drip,
  forecast,
  ingest,
  turn,
  escalate,
  asleep,
  cost,
  regrade,
  render,
  score,
  saved,
  simulate,
};
