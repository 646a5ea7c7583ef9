import { Command } from 'commander';
import { realClock } from '../../engine/clock.ts';
import { leadByAddress } from '../../store/lead.ts';
import { mergeOfAddress, planUndo, undoMerge, type UndoRefusal } from '../../store/unmerge.ts';
import { haveLooked, MergeError, readAddress, sayMoved } from '../merging.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';

const refusals: Record<UndoRefusal, string> = {
  unknown: 'There is no such merge.',
  'undone already': 'It was undone already.',
};

export function command(): Command {
  return new Command('unmerge')
    .description(
      'take a merge back: the lead that was merged has again what it had, and came since',
    )
    .argument('<address>', 'the address of the lead that was merged')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep leads unmerge ada.lovelace@gmail.example --dry-run
  $ npx lockstep leads unmerge ada.lovelace@gmail.example

What came in since by the survivor's own address stays with it. What the merge ended goes on, unless something else has
begun.`,
    )
    .action(unmerge);
}

async function unmerge(
  text: string,
  options: { dryRun?: boolean; json?: boolean; workspace: string },
): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const address = readAddress(text);
  const dryRun = options.dryRun === true;
  await withOpen(options.workspace, async opened => {
    const { database } = opened;
    const found = await mergeOfAddress(database, address);
    if (found === null) {
      const isThere = (await leadByAddress(database, address)) !== null;
      throw new MergeError(
        isThere
          ? `${address} is a lead's own address: no merge brought it.`
          : `No lead has the address ${address}.`,
      );
    }
    const plan = await planUndo(database, found.merge);
    if ('refused' in plan) throw new MergeError(refusals[plan.refused]);
    terminal.say(`${found.address} ${dryRun ? 'would be' : 'is'} a lead of its own again, with:`);
    sayMoved(terminal, plan.moved);
    if (dryRun) {
      terminal.result({ ...plan, dryRun });
      terminal.say('Nothing has changed.');
      return;
    }
    const result = await undoMerge(database, found.merge, realClock.now());
    if ('refused' in result) throw new MergeError(refusals[result.refused]);
    await haveLooked(opened, [result.survivor, result.restored], {
      enrollment: null,
      escalation: null,
    });
    terminal.result({ ...result, dryRun });
    terminal.say('The merge is undone.');
  });
}
