import type { Scenario } from './run.ts';
import { ingest } from './ingest.ts';
import { starts } from './starts.ts';
import { steps } from './steps.ts';

/** Every scenario by the name that `npm run bench` knows it by. */
export const scenarios: Readonly<Record<string, Scenario>> = { steps, starts, ingest };
