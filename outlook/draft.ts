import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readAgreement, type Agreement } from '../domain/agreement/agreement.ts';
import { readSegments } from '../domain/agreement/read-segments.ts';
import { DocumentError } from '../domain/document/problem.ts';

/** An agreement in a file, with what was written there. */
export interface Draft {
  agreement: Agreement;
  text: string;
}

/**
 * Reads a draft: a file that may lie anywhere, and the segments beside it or, where there are none, those of the
 * agreement's folder.
 * @param sequences the names of the sequences there are
 * @throws DocumentError
 */
export async function readDraft(
  file: string,
  folder: string,
  sequences: readonly string[],
): Promise<Draft> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw new DocumentError(file, [
      { line: 1, column: 1, message: 'there is no such file, or it may not be read.' },
    ]);
  const agreement = readAgreement(file, text, sequences);
  const beside = join(dirname(file), 'segments.yaml');
  const segmentsFile = await access(beside).then(
    () => beside,
    () => join(folder, 'segments.yaml'),
  );
  const segmentsText = await readFile(segmentsFile, 'utf8');
  const { segments } = readSegments(segmentsFile, segmentsText, sequences, agreement);
  return { agreement: { ...agreement, segments }, text };
}
