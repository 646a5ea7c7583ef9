import { Command } from 'commander';
import type { LeadId } from '../../domain/ids.ts';
import { realClock } from '../../engine/clock.ts';
import { leadAddress, leadByAddress } from '../../store/lead.ts';
import { mergeLeads, planMerge, type MergePlan, type MergeRefusal } from '../../store/merge.ts';
import { mergeOfAddress } from '../../store/unmerge.ts';
import { haveLooked, MergeError, readLead, sayMoved } from '../merging.ts';
import { withOpen, type Opened } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';

const refusals: Record<MergeRefusal, string> = {
  'same lead': 'Both are the same lead.',
  'merged already': 'The other lead was merged already; merge its survivor, or undo that first.',
  unknown: 'There is no such lead.',
  erased: 'One of the two was erased at their wish: nothing is known that could be merged.',
};

export function command(): Command {
  return new Command('merge')
    .description(
      'make two leads one who are one person: the other’s events, mails, escalations and outcomes follow',
    )
    .argument('<survivor>', 'the lead that stays, by address or id')
    .argument('<other>', 'the lead that becomes it, by address or id')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep leads merge ada@example.com ada.lovelace@gmail.example --dry-run
  $ npx lockstep leads merge ada@example.com ada.lovelace@gmail.example

What the survivor says of itself stays; its blanks are filled. Mail goes to its address alone, and to nobody once either
address is suppressed. "leads unmerge" takes it back, with the other's address.`,
    )
    .action(merge);
}

async function merge(
  survivorText: string,
  otherText: string,
  options: { dryRun?: boolean; json?: boolean; workspace: string },
): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const named = [readLead(survivorText), readLead(otherText)] as const;
  const dryRun = options.dryRun === true;
  await withOpen(options.workspace, async opened => {
    const { database } = opened;
    const survivor = await find(opened, named[0]);
    const merged = await find(opened, named[1]);
    if (survivor === merged && 'address' in named[1]) {
      const before = await mergeOfAddress(database, named[1].address);
      if (before !== null) throw new MergeError(`${named[1].address} was merged into it already.`);
    }
    const plan = await planMerge(database, { survivor, merged });
    if ('refused' in plan) throw new MergeError(refusals[plan.refused]);
    const into = await leadAddress(database, plan.survivor);
    const from = await leadAddress(database, plan.merged);
    terminal.say(`${from} ${dryRun ? 'would become' : 'becomes'} ${into}, and with it:`);
    sayPlan(terminal, plan);
    if (dryRun) {
      terminal.result({ ...plan, dryRun });
      terminal.say('Nothing has changed.');
      return;
    }
    const at = realClock.now();
    const request = { survivor, merged, who: 'ops', way: 'cli' } as const;
    const result = await mergeLeads(database, request, at);
    if ('refused' in result) throw new MergeError(refusals[result.refused]);
    await haveLooked(opened, [result.survivor], result.ends);
    terminal.result({ ...result, dryRun });
    terminal.say(`Merged. It is undone by: npx lockstep leads unmerge ${from}`);
  });
}

async function find({ database }: Opened, named: ReturnType<typeof readLead>): Promise<LeadId> {
  if ('id' in named) return named.id;
  const id = await leadByAddress(database, named.address);
  if (id === null) throw new MergeError(`No lead has the address ${named.address}.`);
  return id;
}

function sayPlan(terminal: Terminal, { moved, fills, ends, goesOn }: MergePlan): void {
  sayMoved(terminal, moved);
  if (fills.length > 0)
    terminal.say(`Blanks that are filled: ${fills.join(', ').replaceAll('_', ' ')}.`);
  if (goesOn !== null) terminal.say('Its open escalation goes on with the same rep.');
  if (ends.enrollment !== null)
    terminal.say(`The sequence of ${goesOn === null ? 'the other' : 'the survivor'} ends.`);
  if (ends.escalation !== null)
    terminal.say('Both are with reps: the escalation of the other ends.');
}
