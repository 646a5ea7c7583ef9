import { Command } from 'commander';
import { stageName } from '../../domain/agreement/stages.ts';
import { suggestion } from '../../domain/document/nearest.ts';
import { readCompanyDomain } from '../../domain/lead/address.ts';
import { realClock } from '../../engine/clock.ts';
import { accountSheet, accountsNear } from '../../store/account-sheet.ts';
import { activeAgreement } from '../../store/agreement.ts';
import { sayAccount } from '../account-text.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption, workspaceOption } from './options.ts';

/** There is no such account. */
class NoAccountError extends Error {
  override readonly name = 'NoAccountError';
}

export function command(): Command {
  return new Command('show')
    .description('one account: what it is to you, who owns it, and its leads, the best first')
    .argument('<domain>', "the company's domain, such as example.com")
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText('after', '\nExample:\n  $ npx lockstep accounts show example.com')
    .action(async (text: string, options: { json?: boolean; workspace: string }) => {
      const terminal = new Terminal(options.json === true);
      const given = readCompanyDomain(text);
      if ('reason' in given) throw new NoAccountError(`${given.reason}.`);
      const { domain } = given;
      await withOpen(options.workspace, async ({ database }) => {
        const sheet = await accountSheet(database, domain, realClock.now());
        if (sheet === null) {
          const near = suggestion(domain, await accountsNear(database, domain));
          throw new NoAccountError(`There is no account ${domain}.${near}`);
        }
        terminal.result(sheet);
        const agreed = (await activeAgreement(database))?.agreement.stages;
        sayAccount(terminal, sheet, stage => stageName(stage, agreed));
      });
    });
}
