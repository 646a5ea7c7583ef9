import { Command } from 'commander';
import colors from 'picocolors';
import { surroundings } from '../../intake/set-up.ts';
import type { Answer } from '../../mail/answer.ts';
import { Links } from '../../mail/links.ts';
import { mailSwitch } from '../../store/control.ts';
import { neverMailedAt } from '../../store/suppression.ts';
import { chosenLead, chosenMail, givenAddress, leadOption } from '../choose-preview.ts';
import { agreementFolder, templatesFolder, withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { dryRunOption, jsonOption, workspaceOption } from './options.ts';
import { format, LintError } from './sequence-lint.ts';

interface Options {
  to: string;
  lead?: string;
  dryRun?: boolean;
  json?: boolean;
  workspace: string;
}

/** A test mail that was not sent, and why. */
class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

export function command(): Command {
  return new Command('send-test')
    .description('send one mail of a sequence to yourself, marked as a test and counted nowhere')
    .argument('<name>', 'the sequence, as its folder says now; it need not be published')
    .argument('<step>', 'the mail')
    .requiredOption('--to <address>', 'where it goes')
    .option(...leadOption)
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence send-test c-nurture 01-welcome --to me@example.com
  $ npx lockstep sequence send-test c-nurture 01-welcome --to me@example.com --lead no-first-name
  $ npx lockstep sequence send-test c-nurture 01-welcome --to me@example.com --lead ada@example.com

In the sample workspace it arrives in the inbox of the SendGrid sandbox. Its links to leave do nothing. An address that
left, bounced or complained gets no test either.`,
    )
    .action(sendTest);
}

async function sendTest(name: string, step: string, options: Options): Promise<void> {
  // What compiles and sends mails is much to load, and whoever asks for help waits for it.
  const { readSequence } = await import('../../mail/sequence-folder.ts');
  const { MailGateway } = await import('../../mail/gateway.ts');
  const { testMail } = await import('../../mail/test-mail.ts');
  const terminal = new Terminal(options.json === true);
  const to = givenAddress(options.to);
  const draft = await readSequence(
    templatesFolder,
    name,
    await surroundings({ agreement: agreementFolder, templates: templatesFolder }),
  );
  for (const finding of draft.findings) terminal.say(format(finding));
  const errors = draft.findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0)
    throw new LintError(`Nothing was sent: ${errors} ${errors === 1 ? 'error' : 'errors'}.`);
  const mail = chosenMail(draft, step);
  await withOpen(options.workspace, async ({ config, database }) => {
    const lead = await chosenLead(database, draft, options.lead ?? 'sample');
    const links = new Links(config.http.publicUrl, config.secret);
    const made = testMail(draft, mail, lead, to, links);
    if ('blocked' in made)
      throw new NotSentError(`${mail} cannot be made for "${lead.title}": ${made.blocked}.`);
    if ((await mailSwitch(database)) === 'off')
      throw new NotSentError('Nothing was sent: ops stopped all mail (npx lockstep ops status).');
    if (await neverMailedAt(database, to))
      throw new NotSentError(
        `Nothing was sent: ${to} left, bounced or complained, and is never mailed.`,
      );
    const told = { mail, lead: lead.key, to, subject: made.subject };
    if (options.dryRun) {
      terminal.result({ ...told, sent: false });
      terminal.say(`"${made.subject}" would go to ${to} (${lead.title}). This was a dry run.`);
      return;
    }
    const { apiKey, baseUrl } = config.sendgrid;
    const providerId = leftBy(await new MailGateway(apiKey, baseUrl).send(made));
    terminal.result({ ...told, sent: true, providerId });
    terminal.say(`${colors.green('✔')} "${made.subject}" went to ${to} (${lead.title}).`);
    const inbox = config.workspace?.inbox;
    if (inbox !== undefined) terminal.say(`  It is in the sandbox: ${inbox}`);
  });
}

/** The provider's id of a mail that left. @throws NotSentError when it did not, or may not have */
function leftBy(answer: Answer): string | null {
  switch (answer.kind) {
    case 'accepted':
      return answer.providerId;
    case 'refused':
      throw new NotSentError(`The provider refuses this mail: ${answer.reason}.`);
    case 'account':
      throw new NotSentError(`The provider refuses the account or its key (${answer.status}).`);
    case 'wait':
      throw new NotSentError('The provider takes no more mails now: try again in a minute.');
    case 'unreachable':
      throw new NotSentError(`The provider cannot be reached (${answer.code}).`);
    case 'unknown':
      throw new NotSentError(
        `Nobody knows whether it left (${answer.reason}): look into the inbox before you try again.`,
      );
    default:
      return answer satisfies never;
  }
}
