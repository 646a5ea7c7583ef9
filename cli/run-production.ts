import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Environment } from '../config.ts';
import { realClock } from '../engine/clock.ts';
import { draftWaits, notLive, setUp } from '../intake/set-up.ts';
import { httpService, workerService } from '../sandbox/local-services.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/schema-engine.ts';
import { keepRunning } from './keep-running.ts';
import { agreementFolder, home, templatesFolder } from './open.ts';
import type { UpReporter } from './up-reporter.ts';

/** Runs the worker and the HTTP server against the services that the environment names. */
export async function runProduction(
  config: Config,
  env: Environment,
  reporter: UpReporter,
): Promise<void> {
  const folder = join(home(), 'production');
  await mkdir(folder, { recursive: true });
  await keepRunning(
    reporter,
    async () => undefined,
    async supervisor => {
      const applied = await migrate(config.databaseUrl);
      if (applied.length > 0) reporter.progress(`database: migrations applied: ${applied.length}`);
      const database = openDatabase(config.databaseUrl, 4);
      try {
        const sources = { agreement: agreementFolder, templates: templatesFolder };
        const { agreement, drafts, unpublished } = await setUp(database, sources, realClock.now());
        reporter.progress(`agreement: version ${agreement.version} is in force`);
        if (!agreement.saysTheSame) reporter.warning(draftWaits(agreement.version));
        for (const draft of drafts) reporter.warning(`${draft} differs from what is live`);
        for (const draft of unpublished) reporter.warning(notLive(draft));
      } finally {
        await database.close();
      }
      const defined = Object.entries(env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const given = Object.fromEntries(defined);
      await supervisor.start(
        workerService(folder, given),
        httpService(folder, given, config.http.publicUrl),
      );
      reporter.ready([`  Pages  ${config.http.publicUrl}`]);
    },
    async () => undefined,
  );
}
