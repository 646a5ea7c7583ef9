// Writes the JSON Schemas by which editors complete and check what people write: `npm run schemas`.
import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { jsonSchemas } from '../intake/json-schemas.ts';

for (const [file, schema] of Object.entries(jsonSchemas()))
  await writeFile(file, await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 }));
