import { runWorker } from '../../../worker.ts';
import { watch } from './watch.ts';

/** The worker, with somebody who can hold it at every edge. */
await runWorker(watch);
