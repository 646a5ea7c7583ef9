import { Command } from 'commander';
import colors from 'picocolors';
import { sequenceOwner } from '../../intake/sequence-owner.ts';
import { copyRecipe, listRecipes, RecipeError, starter } from '../../mail/recipes.ts';
import { agreementFolder, templatesFolder } from '../open.ts';
import { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { dryRunOption, jsonOption } from './options.ts';

/** What a terminal of 80 characters leaves for the goal. */
const goalWidth = 50;

interface Options {
  from: string;
  owner?: string;
  list?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function command(): Command {
  return new Command('new')
    .description('begin a sequence: a folder of its own, from a recipe')
    .argument('[name]', 'what it is to be called, such as spring-webinar')
    .option('--from <recipe>', 'the recipe', starter)
    .option('--owner <key>', 'who owns it (without it, the first marketer in people.yaml)')
    .option('--list', 'show the recipes')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ npx lockstep sequence new --list
  $ npx lockstep sequence new spring-webinar --from webinar-follow-up
  $ npx lockstep sequence new first-try --owner nora --dry-run

Nothing is overwritten, and nobody is mailed: a new sequence is files in a folder.`,
    )
    .action(async (name: string | undefined, options: Options) => {
      const terminal = new Terminal(options.json === true);
      if (options.list === true) return list(terminal);
      if (name === undefined)
        throw new RecipeError(
          'Say what the sequence is to be called, such as `npx lockstep sequence new spring-webinar`; --list shows the recipes.',
        );
      return make(terminal, name, options);
    });
}

async function list(terminal: Terminal): Promise<void> {
  const recipes = await listRecipes(templatesFolder);
  terminal.result(recipes);
  terminal.table(
    ['recipe', 'mails', 'what it is for'],
    recipes.map(({ name, mails, goal }) => [name, String(mails), wrap(goal, goalWidth)]),
  );
}

async function make(terminal: Terminal, name: string, options: Options): Promise<void> {
  const { from, dryRun = false } = options;
  const owner = await sequenceOwner(agreementFolder, options.owner);
  const { folder, files } = await copyRecipe(templatesFolder, { from, name, owner, dryRun });
  terminal.result({ name, from, owner, folder, files, made: !dryRun });
  if (dryRun) {
    terminal.say(`${folder}/ would be made from ${from}, owned by ${owner}: ${files.join(', ')}.`);
    terminal.say('This was a dry run.');
    return;
  }
  terminal.say(`${colors.green('✔')} ${folder}/ is made from ${from}, owned by ${owner}:`);
  for (const file of files) terminal.say(`  ${file}`);
  terminal.say('Nobody gets it yet. Next:');
  terminal.say(`  npx lockstep sequence lint ${name}      what is wrong with it`);
  terminal.say(
    `  npx lockstep sequence preview ${name}   every mail, as each kind of lead gets it`,
  );
  terminal.say(`  npx lockstep sequence publish ${name}   put it live`);
}
