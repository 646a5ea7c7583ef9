// Writes the JSON Schemas by which editors complete and check what people write, and the page of what lint looks for:
// `npm run schemas`.
import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { lintingGuide } from '../domain/sequence/lint/guide.ts';
import { jsonSchemas } from '../intake/json-schemas.ts';

for (const [file, schema] of Object.entries(jsonSchemas()))
  await writeFile(file, await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 }));

const guide = 'docs/linting.md';
await writeFile(guide, await format(lintingGuide(), { parser: 'markdown', printWidth: 100 }));
