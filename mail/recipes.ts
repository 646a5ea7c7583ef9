import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suggestion } from '../domain/document/nearest.ts';
import { readDocument } from '../domain/document/read.ts';
import { nameSchema } from '../domain/sequence/name.ts';
import { planOf } from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import { shownPath } from './brand.ts';

/** The recipe that a sequence is made from where nobody names one. */
export const starter = 'starter';

/** A sequence to begin from: a folder like those of sequences, which nothing publishes. */
export interface Recipe {
  name: string;
  goal: string;
  /** How many mails it holds; no lead need get all of them. */
  mails: number;
}

/** A sequence that cannot be made from a recipe. */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';
}

/** The recipes in a templates folder, the starter last. @throws DocumentError of one that cannot be read */
export async function listRecipes(templates: string): Promise<Recipe[]> {
  const names = await namesOfRecipes(templates);
  return Promise.all(
    names.map(async name => {
      const path = join(templates, 'recipes', name, 'sequence.yaml');
      const { value } = readDocument(shownPath(path), await readFile(path, 'utf8'), sequenceSchema);
      const mails = planOf(value).filter(instruction => instruction.do === 'mail').length;
      return { name, goal: value.goal, mails };
    }),
  );
}

/** What is to be made from what. */
interface Copy {
  from: string;
  name: string;
  /** The key of a person; see `people.yaml`. */
  owner: string;
  dryRun?: boolean;
}

/**
 * Makes a sequence of its own from a recipe: the same files, with another owner.
 * @returns the folder, and the files in it
 * @throws RecipeError when there is no such recipe, or something of that name already
 */
export async function copyRecipe(
  templates: string,
  { from, name, owner, dryRun = false }: Copy,
): Promise<{ folder: string; files: string[] }> {
  const form = nameSchema.safeParse(name);
  if (!form.success)
    throw new RecipeError(`"${name}": ${form.error.issues[0]?.message ?? 'is no name'}.`);
  const names = await namesOfRecipes(templates);
  if (!names.includes(from))
    throw new RecipeError(
      `There is no recipe "${from}".${suggestion(from, names)} See them with \`npx lockstep sequence new --list\`.`,
    );
  const folder = join(templates, 'sequences', name);
  const shown = shownPath(folder);
  // Of two who make the same folder at the same moment, one is told of having made it.
  const isTaken = dryRun
    ? await isThere(folder)
    : (await mkdir(folder, { recursive: true })) === undefined;
  if (isTaken)
    throw new RecipeError(`${shown} is there already, and stays as it is: choose another name.`);
  const files = await filesOf(join(templates, 'recipes', from));
  if (!dryRun)
    for (const file of files) {
      const text = await readFile(join(templates, 'recipes', from, file), 'utf8');
      await writeFile(join(folder, file), file === 'sequence.yaml' ? owned(text, owner) : text);
    }
  return { folder: shown, files };
}

async function namesOfRecipes(templates: string): Promise<string[]> {
  const entries = await readdir(join(templates, 'recipes'), { withFileTypes: true });
  const names = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  return [...names.filter(name => name !== starter).toSorted(), starter];
}

/** The files of a recipe, the plan first. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ name }) => name);
  const [plan, rest] = [files.filter(isPlan), files.filter(file => !isPlan(file))];
  return [...plan, ...rest.toSorted()];
}

function isPlan(file: string): boolean {
  return file === 'sequence.yaml';
}

function owned(text: string, owner: string): string {
  return text.replace(/^owner:.*$/m, `owner: ${owner}`);
}

async function isThere(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}
