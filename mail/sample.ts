import { join } from 'node:path';
import { z } from 'zod';
import { beginning } from '../domain/document/place.ts';
import { DocumentError } from '../domain/document/problem.ts';
import { readDocument } from '../domain/document/read.ts';
import { noFields, type LeadFields } from '../domain/lead/fields.ts';
import type { RuledFinding } from '../domain/sequence/lint/rules.ts';
import { compiledName, fileOf } from '../domain/sequence/plan.ts';
import { shownPath } from './brand.ts';
import { edgeCases } from './edge-cases.ts';
import { previewOf, type Previewed } from './preview.ts';
import { largest, readTemplateFile } from './template-file.ts';
import { leadFields } from './variables.ts';

const sampleSchema = z.strictObject({
  lead: z.partialRecord(
    z.enum(Object.keys(leadFields) as [keyof typeof leadFields, ...(keyof typeof leadFields)[]]),
    z.union([z.string(), z.number()]),
  ),
});

/**
 * The lead of a sequence's `sample.json`; null when there is none.
 * @throws DocumentError
 */
export async function readSample(templates: string, name: string): Promise<LeadFields | null> {
  const path = join(templates, 'sequences', name, 'sample.json');
  const read = await readTemplateFile(path, templates, largest['sample.json']);
  if (read.kind === 'refused') throw new DocumentError(shownPath(path), [read.problem]);
  if (read.kind === 'missing') return null;
  const { lead } = readDocument(shownPath(path), read.text, sampleSchema).value;
  const fields: LeadFields = { ...noFields };
  for (const [name, value] of Object.entries(lead))
    Object.assign(fields, { [leadFields[name as keyof typeof leadFields]]: value });
  return fields;
}

/** Makes every mail for the sample lead: what fails here would be blocked for a lead like that. */
export function trySample(
  folder: string,
  sequenceFile: string,
  sequence: Previewed,
  sample: LeadFields | null,
): RuledFinding[] {
  const finding = { rule: 'sample', severity: 'error', ...beginning } as const;
  if (sample === null)
    return [
      {
        ...finding,
        file: sequenceFile,
        message: 'there is no sample.json beside it, with a lead to try the mails on.',
      },
    ];
  return edgeCases(sample)
    .slice(0, 1)
    .flatMap(lead =>
      sequence.content.plan.flatMap(instruction => {
        if (instruction.do !== 'mail') return [];
        const made = previewOf(sequence, compiledName(instruction), lead);
        const file = shownPath(join(folder, `${fileOf(instruction)}.mjml`));
        return 'blocked' in made ? [{ ...finding, file, message: made.blocked }] : [];
      }),
    );
}
