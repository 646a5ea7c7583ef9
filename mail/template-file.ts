import { isUtf8 } from 'node:buffer';
import { readFile, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { beginning } from '../domain/document/place.ts';
import { DocumentError, type Problem } from '../domain/document/problem.ts';
import { shownPath } from './brand.ts';

/** Bytes of a file that people write; one that says all that it may is far smaller. */
export const largest = { 'sequence.yaml': 100_000, mail: 150_000, 'sample.json': 20_000 } as const;

/** What reading a file came to. */
export type TemplateFile =
  { kind: 'text'; text: string } | { kind: 'missing' } | { kind: 'refused'; problem: Problem };

/**
 * Reads a file that a marketer wrote. What is no text of UTF-8, too large to be meant, or outside of the templates by
 * whatever link, is refused before anything else looks at it.
 * @param root the folder that it may not lie outside of
 * @param most bytes
 */
export async function readTemplateFile(
  path: string,
  root: string,
  most: number,
): Promise<TemplateFile> {
  try {
    const [real, home] = [await realpath(path), await realpath(root)];
    if (!real.startsWith(home + sep))
      return refused('it is a link that leads out of the templates; put the file itself here.');
    const { size, isFile } = await statOf(real);
    if (!isFile) return refused('it is no file; there must be a file of this name.');
    if (size > most)
      return refused(
        `it has ${kilobytes(size)} KB; more than ${kilobytes(most)} are a mistake. Images belong on the web, and styles into templates/brand/head.mjml.`,
      );
    const bytes = await readFile(real);
    return isUtf8(bytes)
      ? { kind: 'text', text: bytes.toString('utf8') }
      : { kind: 'refused', problem: strangeByte(bytes) };
  } catch (error) {
    // It may be gone between one look and the next.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EACCES' || code === 'EPERM' || code === 'ELOOP' || code === 'ENAMETOOLONG')
      return refused(`it cannot be read (${code}); look who may read it, and where it links to.`);
    throw error;
  }
}

/** The same for a file without which nothing goes on. @throws DocumentError */
export async function needTemplateFile(path: string, root: string, most: number): Promise<string> {
  const read = await readTemplateFile(path, root, most);
  if (read.kind === 'text') return read.text;
  const problem =
    read.kind === 'refused' ? read.problem : { ...beginning, message: 'there is no such file.' };
  throw new DocumentError(shownPath(path), [problem]);
}

async function statOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}

function refused(message: string): TemplateFile {
  return { kind: 'refused', problem: { ...beginning, message } };
}

/** Where the first byte stands that is no UTF-8, and what to do. */
function strangeByte(bytes: Buffer): Problem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { ...beginning, message: 'it is saved as UTF-16; save it as UTF-8.' };
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(text) || end < 0) return inLine(text, line);
    line += 1;
    start = end + 1;
  }
}

function inLine(text: Buffer, line: number): Problem {
  let good = 0;
  // A character takes four bytes at most.
  for (let end = 1; end <= text.length && end <= good + 4; end++)
    if (isUtf8(text.subarray(good, end))) good = end;
  const before = text.subarray(0, good).toString('utf8');
  const byte = (text[good] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return {
    line,
    column: before.length + 1,
    message: `the byte 0x${byte} after "${before.slice(-20)}" is no UTF-8; save the file as UTF-8.`,
  };
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1_000);
}
