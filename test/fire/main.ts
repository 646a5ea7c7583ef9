import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { readConfig } from '../../config.ts';
import { instant } from '../../domain/instant.ts';
import { setUp } from '../../intake/set-up.ts';
import { workerService } from '../../sandbox/local-services.ts';
import { openTheatre } from '../../sandbox/rehearsal/theatre.ts';
import { faultsOf, type Faults } from '../../sandbox/sendgrid/faults.ts';
import { createInstallation } from '../installation.ts';
import { playUnderFire, someFaults, type Fire, type Size } from './play.ts';
import { countPromises, type Count } from './promises.ts';

const from = instant(Date.parse('2026-03-02T08:00:00Z'));

function someSeeds(text: string): number[] {
  const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last ?? first)];
  if (first === undefined || high < low || high - low >= 1_000)
    throw new InvalidArgumentError('seeds are written like "7" or "1-20".');
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}

function aCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 3 || count > 240)
    throw new InvalidArgumentError('a whole number from 3 to 240.');
  return count;
}

/** One rehearsal in a fresh installation, with a worker process of its own. */
async function play(seed: number, faults: Faults, size: Size): Promise<Fire & Count> {
  const installation = await createInstallation('fire');
  const { workspace, ports, env, database, servers } = installation;
  const worker = await workerService(workspace.folder, env).start();
  await setUp(database, { agreement: 'agreement', templates: 'templates' }, from);
  const theatre = await openTheatre({
    config: readConfig(env),
    templates: 'templates',
    outbox: join(workspace.folder, 'sandbox', 'outbox.jsonl'),
    inboxPort: ports.inbox,
    webhookPrivateKey: workspace.secrets.webhookPrivateKey,
    faults,
    from,
    log: pino({ level: 'silent' }),
  });
  try {
    const fire = await playUnderFire(theatre, seed, size);
    return { ...fire, ...(await countPromises(theatre, fire)) };
  } finally {
    await theatre.close();
    await worker.stop();
    await installation.disconnect();
    await servers.temporal.stop();
    await servers.postgres.stop();
    await installation.remove();
  }
}

interface Options extends Size {
  seeds: number[];
  some?: boolean;
  json?: boolean;
}

const { seeds, some, json, ...size } = new Command('fire')
  .description('Rehearses the shipped program with every fault on, and holds it to its promises.')
  .option('--seeds <seeds>', 'which, such as 7 or 1-20', someSeeds, someSeeds('1-20'))
  .option('--leads <n>', 'how many of the sample leads', aCount, 48)
  .option('--days <n>', 'how long', aCount, 45)
  .option('--some', 'each fault as often as the seed says, as in the tests; else all as is usual')
  .option('--json', 'say what came of each seed as a line of JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  $ npm run fire\n  $ npm run fire -- --seeds 3 --some --leads 24 --days 21   # again what failed in a test',
  )
  .parse()
  .opts<Options>();

const counts: (Fire & Count)[] = [];
for (const seed of seeds) {
  const faults = some === true ? someFaults(seed) : { ...faultsOf('all'), seed };
  const count = await play(seed, faults, size);
  counts.push(count);
  const { mails, events, escalations, broken } = count;
  process.stdout.write(
    json === true
      ? `${JSON.stringify(count)}\n`
      : `seed ${seed}: ${mails} mails, ${events} events, ${escalations} escalations; ${broken.join('; ') || 'every promise kept'}\n`,
  );
}
const sum = (of: (count: Count) => number) => counts.reduce((total, each) => total + of(each), 0);
const broken = sum(count => count.broken.length);
if (json !== true)
  process.stdout.write(
    `${counts.length} seeds: ${sum(c => c.mails)} mails, ${sum(c => c.events)} events, ` +
      `${sum(c => c.escalations)} escalations, ${sum(c => c.suppressed)} addresses suppressed; ${broken} promises broken.\n`,
  );
process.exitCode = broken > 0 ? 1 : 0;
