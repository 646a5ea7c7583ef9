import { Command } from 'commander';
import { DateTime } from 'luxon';
import { instant, type Instant } from '../../domain/instant.ts';
import { normalizeAddress } from '../../domain/lead/address.ts';
import { realClock } from '../../engine/clock.ts';
import { Links } from '../../mail/links.ts';
import { leadByAddress } from '../../store/lead.ts';
import { leadSheet } from '../../store/lead-sheet.ts';
import { scoreAt } from '../../store/score.ts';
import { mergeOfAddress } from '../../store/unmerge.ts';
import { sayKept, sayLead } from '../lead-text.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { isoDay, jsonOption, readDay, workspaceOption } from './options.ts';
import { wrap } from '../wrap.ts';

/** There is no such lead, or nothing to show of it for that day. */
class NothingToShowError extends Error {
  override readonly name = 'NothingToShowError';
}

export function command(): Command {
  return new Command('show')
    .description(
      'one lead: grade, why to the point, what would lift it, what happened and comes next',
    )
    .argument('<address>', "the lead's address")
    .option('--on <day>', 'what it was worth at the end of a day, such as 2026-03-02', text =>
      isoDay(readDay(text)),
    )
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep leads show ada@example.com\n  $ npx lockstep leads show ada@example.com --on 2026-03-02\n\nTimes are in the lead’s own time zone. In --json, points are in hundredths and moments in milliseconds since 1970.',
    )
    .action(show);
}

async function show(
  text: string,
  options: { on?: string; json?: boolean; workspace: string },
): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const given = normalizeAddress(text);
  if ('reason' in given) throw new NothingToShowError(`"${text}" is no address: ${given.reason}.`);
  const { address } = given;
  await withOpen(options.workspace, async ({ config, database }) => {
    const at = realClock.now();
    const id = await leadByAddress(database, address);
    const sheet = id && (await leadSheet(database, id, at));
    const merge = await mergeOfAddress(database, address);
    if (!id || !sheet) throw new NothingToShowError(`No lead has the address ${address}.`);
    if (options.on === undefined) {
      const page = new Links(config.http.publicUrl, config.secret).lead(id, at);
      const { story, now: score, version: agreementVersion } = sheet;
      const { account, colleagues, change, lifts, mail, stage, steps, zone } = sheet;
      const told = {
        ...story,
        account,
        colleagues,
        merged: merge && { address: merge.address, at: merge.at },
        score,
        agreementVersion,
        change,
        lifts,
        mail,
        stage,
        steps,
        zone,
        page,
      };
      terminal.result(told);
      if (merge !== null)
        terminal.say(
          wrap(
            `${address} was merged into this lead, ${story.address}, on ${isoDay(DateTime.fromMillis(merge.at, { zone }))}.\n`,
          ),
        );
      sayLead(terminal, sheet, page);
      return;
    }
    const { zone } = sheet;
    const kept = await scoreAt(database, id, endOf(options.on, zone, at));
    if (kept === null)
      throw new NothingToShowError(`${address} was not graded yet on ${options.on}.`);
    const { score, version: agreementVersion } = kept;
    terminal.result({ id, address, on: options.on, zone, agreementVersion, score });
    sayKept(terminal, sheet.story, kept, { day: options.on, zone });
  });
}

/** The last moment of a day in a time zone; of today, now. @throws NothingToShowError for a day to come */
function endOf(day: string, zone: string, now: Instant): Instant {
  const start = DateTime.fromISO(day, { zone });
  if (start.toMillis() > now) throw new NothingToShowError(`${day} is still to come.`);
  return instant(Math.min(start.plus({ days: 1 }).toMillis() - 1, now));
}
