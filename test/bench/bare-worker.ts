import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { environment } from '../../config.ts';
import { untilToldToStop } from '../../lifecycle.ts';
import { nativeTuning, workerTuning } from '../../engine/tuning.ts';

/** A worker like Lockstep's, with workflows that do nothing but wait. */
const connection = await NativeConnection.connect({
  address: environment().TEMPORAL_ADDRESS ?? '',
  ...nativeTuning,
});
let steps = 0;
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('bare-workflows.ts', import.meta.url)),
    logger: {
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    },
  }),
  activities: {
    noop: async () => {
      steps += 1;
    },
  },
  ...workerTuning,
});
const running = worker.run();
const counter = createServer((_request, response) => response.end(String(steps)));
counter.listen(Number(environment().BARE_PORT), '127.0.0.1');
untilToldToStop(async () => {
  counter.close();
  worker.shutdown();
  await running;
  await connection.close();
});
