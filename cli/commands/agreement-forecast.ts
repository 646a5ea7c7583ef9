import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import { isProduction } from '../../config.ts';
import type { Instant } from '../../domain/instant.ts';
import { realClock } from '../../engine/clock.ts';
import { listSequences } from '../../mail/sequence-folder.ts';
import { lookBack } from '../look-back.ts';
import { agreementFolder, home, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, readDay, workspaceOption } from './options.ts';

interface Options {
  from?: DateTime;
  to?: DateTime;
  page?: string;
  json?: boolean;
  workspace: string;
}

/** The period ends before it begins. */
class PeriodError extends Error {
  override readonly name = 'PeriodError';
}

export function command(): Command {
  return new Command('forecast')
    .description('what a draft would have meant for the leads you had, before it is switched on')
    .argument('[file]', 'the draft (without it, agreement/agreement.yaml)')
    .addOption(
      new Option(
        '--from <date>',
        'its first day, such as 2026-09-01 (without it, 90 days back)',
      ).argParser(readDay),
    )
    .addOption(new Option('--to <date>', 'its last day (without it, up to now)').argParser(readDay))
    .option('--page <path>', "where the page goes (without it, the workspace's folder)")
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep agreement forecast
  $ npx lockstep agreement forecast drafts/agreement.yaml --from 2026-09-01 --to 2026-11-30
  $ npx lockstep agreement forecast --json | jq .threshold

It reads, and changes nothing. In --json, moments are in milliseconds since 1970, and rates from 0 to 1.`,
    )
    .action(async (file: string | undefined, options: Options) => {
      // What looks back is much to load, and whoever asks for help waits for it.
      const { readDraft } = await import('../../outlook/draft.ts');
      const { forecastHtml } = await import('../../http/pages/forecast.tsx');
      const { tellForecast } = await import('../forecast-tables.ts');
      const terminal = new Terminal(options.json === true);
      const path = file ?? relative('.', join(agreementFolder, 'agreement.yaml'));
      const draft = await readDraft(path, agreementFolder, await listSequences(templatesFolder));
      const { zone } = draft.agreement.working_hours;
      const { from, to } = periodOf(options, zone);
      await withOpen(options.workspace, async ({ database }) => {
        const request = { draft: draft.agreement, name: path, from, to };
        const result = await lookBack(terminal, database, request);
        const page = pagePath(options);
        if (page !== null) {
          await mkdir(dirname(page), { recursive: true });
          await writeFile(page, forecastHtml(result));
        }
        terminal.result(page === null ? result : { ...result, page });
        tellForecast(terminal, result);
        if (page !== null) terminal.say(`\nThe same with pictures: ${page}`);
      });
    });
}

/** Where the page goes; null where nobody says and there is no workspace. */
function pagePath({ page, workspace }: Options): string | null {
  if (page !== undefined) return resolve(page);
  return isProduction() ? null : join(home(), workspace, 'forecast.html');
}

/** Days are those of the agreement's clock; the last one is included. */
function periodOf({ from, to }: Options, zone: string): { from: Instant | null; to: Instant } {
  const now = realClock.now();
  const local = (date: DateTime) => date.setZone(zone, { keepLocalTime: true });
  const begin = from === undefined ? null : (local(from).toMillis() as Instant);
  const last = to === undefined ? now : local(to).endOf('day').toMillis();
  const end = Math.min(last, now) as Instant;
  if (begin !== null && begin >= end)
    throw new PeriodError('The period ends before it begins: --from must be before --to and now.');
  return { from: begin, to: end };
}
