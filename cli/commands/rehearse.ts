import { basename } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';
import { isProduction } from '../../config.ts';
import type { Instant } from '../../domain/instant.ts';
import {
  faultsOf,
  noFaults,
  UnknownFaultError,
  type Faults,
} from '../../sandbox/sendgrid/faults.ts';
import { WorkspaceError } from '../../sandbox/workspace.ts';
import { UpReporter } from '../up-reporter.ts';
import { jsonOption, readDay, wholeNumber } from './options.ts';

interface Options {
  leads?: string;
  sequence?: string;
  personas?: string;
  days: number;
  seed: number;
  faults: Faults;
  from?: DateTime;
  json?: boolean;
}

export function command(): Command {
  return new Command('rehearse')
    .description('play a quarter of your program on the real engine, and mail nobody')
    .option('--leads <file>', 'a CSV file of leads (without it, the sample leads)')
    .option('--sequence <name>', 'everybody who is nurtured goes through this one')
    .option('--personas <file>', 'who leads and reps are (sandbox/people/personas.yaml)')
    .addOption(
      new Option('--days <count>', 'how long').default(90).argParser(wholeNumber('days', 1, 730)),
    )
    .addOption(
      new Option('--seed <number>', 'the same seed plays the same')
        .default(1)
        .argParser(wholeNumber('a seed', 0, 4_294_967_295)),
    )
    .addOption(
      new Option(
        '--from <date>',
        'its first day, such as 2026-09-01 (without it, it ends today)',
      ).argParser(readDay),
    )
    .addOption(
      new Option(
        '--faults <list>',
        'what goes wrong with the mail provider: names with commas, or "all"',
      )
        .default(noFaults, 'nothing')
        .argParser(readFaultList),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep rehearse                                  your templates, the sample leads, 90 days
  $ npx lockstep rehearse --leads spring.csv --days 30
  $ npx lockstep rehearse --sequence c-nurture --seed 7
  $ npx lockstep rehearse --faults duplicates,reordering,timeouts

It runs in a workspace of its own, "rehearsal", which is made anew each time; live data is not touched.
The same seed, templates, leads and first day give the same mails at the same moments, and the same digest.`,
    )
    .action(async (options: Options) => {
      if (isProduction())
        throw new WorkspaceError(
          'A rehearsal runs on this machine alone: unset DATABASE_URL, TEMPORAL_ADDRESS and SENDGRID_API_KEY.',
        );
      // What plays is much to load, and whoever asks for help waits for it.
      const { runRehearsal } = await import('../run-rehearsal.ts');
      const { summaryTable } = await import('../../sandbox/rehearsal/summary.ts');
      const reporter = new UpReporter(options.json === true);
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      process.once('SIGTERM', () => stop.abort());
      const day = options.from ?? DateTime.now().startOf('day').minus({ days: options.days });
      const { report, file } = await runRehearsal(
        {
          title: `Rehearsal of ${basename(options.leads ?? 'the sample leads')}`,
          leads: options.leads ?? null,
          sequence: options.sequence ?? null,
          personas: options.personas ?? null,
          seed: options.seed,
          faults: options.faults,
          // Leads come in when somebody is at work.
          from: day.set({ hour: 9 }).toMillis() as Instant,
          days: options.days,
        },
        reporter,
        stop.signal,
      );
      if (options.json === true) {
        const { told, ...figures } = report;
        const counts = { leads: told.leads.length, mails: told.mails.length };
        process.stdout.write(`${JSON.stringify({ ...figures, ...counts, report: file })}\n`);
      } else reporter.say(`\n${summaryTable(report)}\n\nThe whole report, with pictures: ${file}`);
    });
}

function readFaultList(text: string): Faults {
  try {
    return faultsOf(text);
  } catch (error) {
    if (error instanceof UnknownFaultError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
