import { Command } from 'commander';
import { workingWeek } from '../../domain/escalation/due.ts';
import { territoryInWords } from '../../domain/escalation/people-changes.ts';
import { realClock } from '../../engine/clock.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { awayUntil, roster, type Member } from '../../store/roster.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';
import { lastDay } from './people.ts';

export function command(): Command {
  return new Command('list')
    .description('who is in both teams, what each has to do, and who is away')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep people list\n\nWho has left is listed while they still hold open escalations. In --json, moments are in milliseconds since 1970, and somebody who is away is back at `awayUntil`.',
    )
    .action(async (options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      await withOpen(options.workspace, async ({ database }) => {
        const at = realClock.now();
        const agreement = (await activeAgreement(database))?.agreement ?? null;
        const agreed = agreement?.routing?.capacity_per_rep ?? null;
        const people = (await roster(database, at)).map(member => ({
          ...member,
          capacity: member.capacity ?? (member.role === 'rep' ? agreed : null),
          awayUntil: awayUntil(member, at),
        }));
        terminal.result(people);
        const dayOf = ({ country }: Member, until: NonNullable<(typeof people)[0]['awayUntil']>) =>
          lastDay(until, agreement === null ? 'utc' : workingWeek(agreement, country).zone);
        terminal.table(
          ['name', 'key', 'team', 'role', 'territory', 'a week', '7 days', 'open', 'away'],
          people.map(member => [
            member.isActive ? member.name : `${member.name} (left)`,
            member.key,
            member.team,
            member.isCatchAll ? `${member.role}, catch-all` : member.role,
            member.role === 'rep' ? territoryInWords(member.territory) : '',
            member.capacity === null ? '' : String(member.capacity),
            String(member.assigned),
            String(member.open),
            member.awayUntil === null ? '' : `to ${dayOf(member, member.awayUntil)}`,
          ]),
        );
      });
    });
}
