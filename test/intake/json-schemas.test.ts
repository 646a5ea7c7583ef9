import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../../intake/json-schemas.ts';

it.each(Object.entries(jsonSchemas()))(
  '%s is made from what reads the file, as `npm run schemas` makes it, and the file names it',
  async (path, schema) => {
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(schema);
    const written = await readFile(path.replace('.schema.json', '.yaml'), 'utf8');
    expect(written).toContain(`$schema=./${path.split('/').at(-1) ?? ''}`);
  },
);
