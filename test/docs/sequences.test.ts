import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDocument } from '../../domain/document/read.ts';
import { sequenceSchema } from '../../domain/sequence/schema.ts';

const head = { goal: 'as in the guide', owner: 'nora' };
const steps = [{ mail: 'a', subject: 's', preheader: 'p' }];

/** What a guide shows, as whole documents: a part of one stands in the least that makes it whole. */
function documentsIn(file: string): unknown[] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)];
  return blocks.flatMap(([, text = '']) => {
    // The same word three times, to show what it may say.
    if (text.startsWith('window:'))
      return text
        .trim()
        .split('\n')
        .map(line => ({ ...head, steps, ...(parse(line) as object) }));
    const part: unknown = parse(text);
    if (!Array.isArray(part)) return { ...head, steps, ...(part as object) };
    // Branches that only show what they ask.
    return {
      ...head,
      steps: part.map((step: object) =>
        'if' in step && !('then' in step) ? { ...step, then: steps } : step,
      ),
    };
  });
}

describe.each(['docs/sequences.md', 'templates/README.md', 'templates/recipes/README.md'])(
  'what %s shows',
  file => {
    it('is what may be written', () => {
      const documents = documentsIn(file).filter(shown => !isOfAgreement(shown));
      expect(documents.length).toBeGreaterThan(0);
      for (const shown of documents)
        expect(() => readDocument(file, JSON.stringify(shown), sequenceSchema)).not.toThrow();
    });
  },
);

/** A segment, or another part of the agreement. */
function isOfAgreement(shown: unknown): boolean {
  return /"(nurture|customers|signed_by_sales)":/.test(JSON.stringify(shown));
}
