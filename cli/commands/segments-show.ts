import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import { readSegments } from '../../domain/agreement/read-segments.ts';
import { segmentAsks } from '../../domain/agreement/segment-asks.ts';
import { second, type Instant } from '../../domain/instant.ts';
import { Survey, type Segmented } from '../../domain/nurture/survey.ts';
import { realClock } from '../../engine/clock.ts';
import { listSequences } from '../../mail/sequence-folder.ts';
import { activeAgreement } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { countLeads, everyLeadToSurvey } from '../../store/segment-leads.ts';
import { currentVersions } from '../../store/sequence-version.ts';
import { templatesFolder, withOpen } from '../open.ts';
import { printSegments } from '../segment-tables.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

/** There is nothing to look at. */
class SegmentsError extends Error {
  override readonly name = 'SegmentsError';
}

interface Options {
  file?: string;
  json?: boolean;
  workspace: string;
}

export function command(): Command {
  return new Command('show')
    .description('who is in which segment now, where segments overlap, whom none is for')
    .option('--file <file>', 'segments to try, instead of those in force; nothing changes')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep segments show
  $ npx lockstep segments show --file agreement/segments.yaml

A lead is in the first segment that fits. Grades are those of each lead's last turn.`,
    )
    .action(async ({ file, json, workspace }: Options) => {
      const terminal = new Terminal(json === true);
      await withOpen(workspace, async ({ database }) => {
        const active = await activeAgreement(database);
        if (active === null)
          throw new SegmentsError(
            'There is no active agreement yet; `npm start` activates the one in agreement/.',
          );
        const segments =
          file === undefined ? null : await readDraft(database, file, active.agreement);
        const agreement = { ...active.agreement, ...segments };
        const segmented = await survey(database, agreement, terminal, realClock.now());
        terminal.result({ agreementVersion: active.version, file: file ?? null, ...segmented });
        terminal.say(
          file === undefined
            ? `The segments of agreement v${active.version}.`
            : `The segments of ${basename(file)}, as if they were in force; nothing has changed.`,
        );
        terminal.say();
        printSegments(terminal, segmented);
      });
    });
}

/** Reads segments that may name any sequence that is published, or could be. @throws DocumentError */
async function readDraft(database: Database, file: string, agreement: Agreement) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new SegmentsError(`${file} cannot be read (${code ?? 'unknown'}); check its path.`);
  });
  const published = (await currentVersions(database)).map(({ name }) => name);
  const sequences = [...new Set([...published, ...(await listSequences(templatesFolder))])];
  return { segments: readSegments(file, text, sequences, agreement).segments };
}

/** Nobody needs to be told how far something is that is there sooner. */
const soon = 2 * second;

/** Looks at every lead, a page at a time. */
async function survey(
  database: Database,
  agreement: Agreement,
  terminal: Terminal,
  at: Instant,
): Promise<Segmented> {
  const looking = new Survey(agreement, at);
  const begun = performance.now();
  let bar: ReturnType<Terminal['bar']> | null = null;
  let looked = 0;
  for await (const page of everyLeadToSurvey(database, segmentAsks(agreement), at)) {
    for (const { surveyed } of page) looking.add(surveyed);
    looked += page.length;
    if (performance.now() - begun > soon)
      bar ??= terminal.bar('looking', await countLeads(database));
    bar?.to(looked);
  }
  bar?.stop();
  return looking.result();
}
