import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { DateTime } from 'luxon';
import { second, type Instant } from '../../domain/instant.ts';
import type { Simulation } from '../../domain/sequence/simulate/summary.ts';
import { realClock } from '../../engine/clock.ts';
import type { SimulationRequest } from '../../outlook/simulate.ts';
import { tellOfFile } from '../file-import.ts';
import { agreementFolder, templatesFolder, withDatabase, type Stored } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { collect, jsonOption, readDay, wholeNumber, workspaceOption } from './options.ts';

interface Options {
  leads?: string;
  segment?: string;
  map?: string[];
  published?: boolean;
  runs?: number;
  days: number;
  from?: DateTime;
  seed: number;
  assume?: string;
  html?: string;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('simulate')
    .description('what would happen to leads in a sequence, before anybody is mailed')
    .argument('<name>', 'the sequence')
    .option('--leads <file>', 'a CSV file of leads, as "leads import" takes it')
    .option('--segment <name>', 'the leads that are in this segment now')
    .option('--map <heading=field>', 'say what a column of the file is; can be repeated', collect)
    .option('--published', 'the version in force (without it, the draft in templates/sequences/)')
    .addOption(
      new Option(
        '--runs <count>',
        'how often it is played (without it, as often as fits)',
      ).argParser(wholeNumber('runs', 1, 10_000)),
    )
    .addOption(
      new Option('--days <count>', 'how long').default(90).argParser(wholeNumber('days', 1, 730)),
    )
    .addOption(
      new Option(
        '--from <date>',
        'its first day, such as 2026-09-01, at nine (without it, from now on)',
      ).argParser(readDay),
    )
    .addOption(
      new Option('--seed <number>', 'the same seed plays the same')
        .default(1)
        .argParser(wholeNumber('a seed', 0, 4_294_967_295)),
    )
    .option('--assume <file>', 'what leads are taken to do (templates/assumptions.yaml)')
    .option('--html <file>', 'also writes it there as a page with pictures')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence simulate c-nurture
  $ npx lockstep sequence simulate c-nurture --leads spring.csv --html spring.html
  $ npx lockstep sequence simulate c-nurture --published --segment "makers and movers" --days 180
  $ npx lockstep sequence simulate c-nurture --json | jq '.escalations'

Without --leads and --segment it takes the leads of the segments that name the sequence. What leads do is as it was
measured where the sequence was sent often enough, else as templates/assumptions.yaml says; the output says which.
It reads, and changes nothing. In --json, moments are in milliseconds since 1970, shares from 0 to 1.`,
    )
    .action(async (name: string, options: Options) => {
      const terminal = new Terminal(options.json === true);
      const simulation = await withDatabase(options.workspace, stored =>
        simulate(terminal, stored, requestOf(name, options), options.runs),
      );
      const page = options.html === undefined ? null : resolve(options.html);
      if (page !== null) {
        const { simulationHtml } = await import('../../http/pages/simulation.tsx');
        await mkdir(dirname(page), { recursive: true });
        await writeFile(page, simulationHtml(simulation));
      }
      const { tellSimulation } = await import('../simulation-tables.ts');
      terminal.result(page === null ? simulation : { ...simulation, page });
      tellSimulation(terminal, simulation);
      if (page !== null) terminal.say(`\nThe same with pictures: ${page}`);
    });
}

function requestOf(sequence: string, options: Options): Omit<SimulationRequest, 'onProgress'> {
  const now = realClock.now();
  const { from } = options;
  return {
    ...{ sequence, now, days: options.days, seed: options.seed },
    ...{ leads: options.leads ?? null, segment: options.segment ?? null, map: options.map ?? [] },
    ...{ assume: options.assume ?? null, published: options.published === true },
    // Leads come in when somebody is at work.
    begin: zone =>
      from === undefined
        ? now
        : (from.setZone(zone, { keepLocalTime: true }).set({ hour: 9 }).toMillis() as Instant),
  };
}

/** Nobody needs to be told how far something is that is there sooner. */
const soon = 2 * second;

async function simulate(
  terminal: Terminal,
  stored: Stored | null,
  request: Omit<SimulationRequest, 'onProgress'>,
  asked: number | undefined,
): Promise<Simulation> {
  // What simulates is much to load, and whoever asks for help waits for it.
  const { gather } = await import('../../outlook/simulate.ts');
  const { Simulator, usualRuns } = await import('../../domain/sequence/simulate.ts');
  const places = {
    stored: stored && { database: stored.database, clickHoldMs: stored.config.clickHoldMs },
    templates: templatesFolder,
    agreement: agreementFolder,
  };
  const looking = progress(terminal, 'looking');
  const { options, file } = await gather(places, { ...request, onProgress: looking.to });
  looking.stop();
  if (file !== null) tellOfFile(terminal, file);
  const simulator = new Simulator(options);
  const runs = asked ?? usualRuns(simulator.leads, options.days);
  const simulating = progress(terminal, 'simulating');
  const each = options.leads.length;
  for (let run = 0; run < runs; run++)
    simulator.run(leads => simulating.to(run * each + leads, runs * each));
  simulating.stop();
  return simulator.result();
}

/** A bar that is shown once something takes its time. */
function progress(terminal: Terminal, what: string) {
  const begun = performance.now();
  let bar: ReturnType<Terminal['bar']> | null = null;
  return {
    to: (done: number, total: number) => {
      if (performance.now() - begun > soon) bar ??= terminal.bar(what, total);
      bar?.to(done);
    },
    stop: () => bar?.stop(),
  };
}
