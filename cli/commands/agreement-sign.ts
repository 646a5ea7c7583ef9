import { Command } from 'commander';
import colors from 'picocolors';
import { isProduction } from '../../config.ts';
import { normalizeAddress } from '../../domain/lead/address.ts';
import { realClock } from '../../engine/clock.ts';
import {
  missingFrom,
  sign,
  signaturesOf,
  signers,
  type SignRefusal,
} from '../../store/approval.ts';
import { withOpen } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { AgreementError, draftIn, versionIn, versionsOf } from './agreement.ts';
import { jsonOption, workspaceOption } from './options.ts';

interface Options {
  as: string;
  json?: boolean;
  workspace: string;
}

const refusals: Readonly<Record<SignRefusal, string>> = {
  'no draft any more': 'it is in force already',
  'a newer draft': 'a newer draft took its place',
  'another text': 'it says something else by now',
  'signed already': 'that team has signed it already',
  'no member': 'this person may not sign',
};

export function command(): Command {
  return new Command('sign')
    .description("sign the draft in somebody's place, on this machine only; it is recorded as such")
    .requiredOption('--as <address>', 'the address of somebody who may sign')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep agreement sign --as nora@northwind.example\n\nIn production each signs by the link in their mail.',
    )
    .action(async (options: Options) => {
      const terminal = new Terminal(options.json === true);
      if (isProduction())
        throw new AgreementError(
          'In production each signs by the link in their mail, and nobody for them.',
        );
      const given = normalizeAddress(options.as);
      if ('reason' in given)
        throw new AgreementError(`"${options.as}" is no address: ${given.reason}.`);
      await withOpen(options.workspace, async ({ database, engine }) => {
        const { heads } = await versionsOf(database);
        const { id, version, contentHash } = versionIn(heads, undefined, draftIn(heads));
        const may = await signers(database);
        const signer = may.find(({ address }) => address === given.address);
        if (signer === undefined)
          throw new AgreementError(
            `${given.address} may not sign; ${may.map(({ address, team }) => `${address} signs for ${team}`).join(', ')}.`,
          );
        const result = await sign(
          database,
          { agreementId: id, contentHash, personId: signer.id, way: 'command line' },
          realClock.now(),
        );
        if ('refused' in result)
          throw new AgreementError(
            `Version ${version} was not signed: ${refusals[result.refused]}.`,
          );
        await engine.tell(`signing/${id}`);
        const missing = missingFrom(await signaturesOf(database, id));
        terminal.result({ version, team: result.team, missing });
        terminal.say(
          `${colors.green('✔')} Version ${version} is signed for ${result.team}, in the place of ${signer.name}.`,
        );
        terminal.say(
          missing.length === 0
            ? 'Both teams have signed: put it into force with `npx lockstep agreement activate`.'
            : `It waits for the signature of ${missing.join(' and ')}.`,
        );
      });
    });
}
