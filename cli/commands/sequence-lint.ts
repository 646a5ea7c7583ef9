import { Command } from 'commander';
import colors from 'picocolors';
import { listSequences, readSequence } from '../../mail/sequence-folder.ts';
import { DocumentError } from '../../domain/document/problem.ts';
import type { RuledFinding } from '../../domain/sequence/lint/rules.ts';
import { ownerKeys } from '../../intake/set-up.ts';
import { agreementFolder, templatesFolder } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { jsonOption } from './options.ts';

/** Sequences that may not be published as they are. */
export class LintError extends Error {
  override readonly name = 'LintError';
}

export function command(): Command {
  return new Command('lint')
    .description('check sequences and their mails')
    .argument('[names...]', 'the sequences; all of them when none is named')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx lockstep sequence lint\n  $ npx lockstep sequence lint c-nurture --json',
    )
    .action(async (names: string[], options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const chosen = names.length > 0 ? names : await listSequences(templatesFolder);
      const owners = await ownerKeys(agreementFolder);
      const findings = (await Promise.all(chosen.map(name => findingsOf(name, owners)))).flat();
      terminal.result(findings);
      for (const finding of findings) terminal.say(format(finding));
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      if (errors > 0)
        throw new LintError(
          `${errors} ${errors === 1 ? 'error' : 'errors'} in ${chosen.length} sequences.`,
        );
      terminal.say(`${colors.green('✔')} ${chosen.join(', ')}: nothing wrong.`);
    });
}

/** What is wrong with a sequence, also when it cannot even be read. */
export async function findingsOf(
  name: string,
  owners: readonly string[] | null,
): Promise<RuledFinding[]> {
  try {
    return (await readSequence(templatesFolder, name, owners)).findings;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.problems.map(problem => ({
      ...problem,
      file: error.file,
      rule: 'form',
      severity: 'error',
    }));
  }
}

export function format({ file, line, column, message, rule, severity }: RuledFinding): string {
  const color = severity === 'error' ? colors.red : colors.yellow;
  return `${file}:${line}:${column}: ${color(severity)} ${message} ${colors.dim(`[${rule}]`)}`;
}
