import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { lintingGuide } from '../../domain/sequence/lint/guide.ts';

it('docs/linting.md is made from the rules, as `npm run schemas` makes it', async () => {
  const made = await format(lintingGuide(), { parser: 'markdown', printWidth: 100 });
  expect(await readFile('docs/linting.md', 'utf8')).toBe(made);
});
