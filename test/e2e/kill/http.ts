import { runHttp } from '../../../http/main.ts';
import { watch } from './watch.ts';

/** The HTTP process, with somebody who can hold it at every edge. */
await runHttp(watch);
