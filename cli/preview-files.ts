import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { previewFilesHtml, type PreviewedMail } from '../http/pages/preview-files.tsx';
import { inScheme } from '../mail/color-scheme.ts';
import type { EdgeCase } from '../mail/edge-cases.ts';
import { previewOf, type Previewed } from '../mail/preview.ts';
import type { Terminal } from './terminal.ts';

/** What became of files: some were not there, some said something else before. */
export interface Written {
  made: number;
  replaced: number;
  same: number;
}

/** Writes every mail for every lead, and a page that shows all of them. */
export async function writePreviews(
  terminal: Terminal,
  folder: string,
  sequence: Previewed,
  mails: readonly string[],
  leads: readonly EdgeCase[],
): Promise<{ index: string; written: Written; previews: PreviewedMail[] }> {
  const written: Written = { made: 0, replaced: 0, same: 0 };
  const previews: PreviewedMail[] = [];
  const bar = terminal.bar('Mails', mails.length * leads.length);
  try {
    for (const mail of mails)
      for (const lead of leads) {
        const preview = {
          ...{ mail, lead, path: `${mail}/${lead.key}` },
          made: previewOf(sequence, mail, lead),
        };
        for (const [end, text] of Object.entries(filesOf(preview)))
          written[await write(join(folder, `${preview.path}.${end}`), text)] += 1;
        bar.to(previews.push(preview));
      }
  } finally {
    bar.stop();
  }
  const index = join(folder, 'index.html');
  written[await write(index, previewFilesHtml(sequence.name, previews))] += 1;
  return { index, written, previews };
}

/** The files of one mail, by the ends of their names. */
function filesOf({ made }: PreviewedMail): Record<string, string> {
  if ('blocked' in made) return { 'blocked.txt': `${made.blocked}\n` };
  const { subject, preheader, html, text, headers, categories, customArgs, bytes } = made;
  const told = { subject, preheader, headers, categories, customArgs, bytes };
  return {
    html,
    'light.html': inScheme(html, 'light'),
    'dark.html': inScheme(html, 'dark'),
    txt: `${text}\n`,
    'headers.json': `${JSON.stringify(told, null, 2)}\n`,
  };
}

async function write(path: string, text: string): Promise<keyof Written> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before === text) return 'same';
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return before === null ? 'made' : 'replaced';
}
