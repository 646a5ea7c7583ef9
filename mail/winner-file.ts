import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readDocument } from '../domain/document/read.ts';
import { fileOf, planOf } from '../domain/sequence/plan.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import { withWinner } from '../domain/sequence/winner.ts';
import { shownPath } from './brand.ts';
import { readNamed } from './sequence-folder.ts';

/** What making a variant the only one does in a sequence's folder. */
export interface WinnerChange {
  /** As it is shown to people. */
  file: string;
  before: string;
  after: string;
  /** The variant's own mail, which takes the place of the step's; null where it has none. */
  mail: { from: string; to: string } | null;
}

/**
 * Makes a variant the only one in `templates/sequences/<name>/`: in `sequence.yaml`, and where it has a mail of its
 * own in the file of the step. A file that another step is made of stays where it is too.
 * @param write whether to change the files, or only to say what would be changed
 * @throws DocumentError when `sequence.yaml` cannot be read, or would not be sound any more
 * @throws WinnerError when the variant is not there, or cannot be made the only one
 */
export async function makeWinner(
  templates: string,
  name: string,
  split: string,
  variant: string,
  write: boolean,
): Promise<WinnerChange> {
  const root = resolve(templates);
  const folder = join(root, 'sequences', name);
  const path = join(folder, 'sequence.yaml');
  const before = await readNamed(root, name, path);
  const won = withWinner(before, split, variant);
  const file = shownPath(path);
  const plan = planOf(readDocument(file, won.text, sequenceSchema).value);
  const change = { file, before, after: won.text, mail: won.file };
  if (!write) return change;
  if (won.file !== null) {
    const [from, to] = [won.file.from, won.file.to].map(mail => join(folder, `${mail}.mjml`));
    const isShared = plan.some(each => each.do === 'mail' && fileOf(each) === won.file?.from);
    if (isShared) await writeFile(to ?? '', await readFile(from ?? ''));
    else await rename(from ?? '', to ?? '');
  }
  await writeFile(path, won.text);
  return change;
}
