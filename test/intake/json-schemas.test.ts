import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonSchemas } from '../../intake/json-schemas.ts';
import { listSequences } from '../../mail/sequence-folder.ts';

it.each(Object.entries(jsonSchemas()))(
  '%s is made from what reads the file, as `npm run schemas` makes it, and the file names it',
  async (path, schema) => {
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(schema);
    const files =
      path === 'templates/sequence.schema.json'
        ? (await listSequences('templates')).map(
            name => `templates/sequences/${name}/sequence.yaml`,
          )
        : [path.replace('.schema.json', '.yaml')];
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const [first = ''] = (await readFile(file, 'utf8')).split('\n');
      const named = /^# yaml-language-server: \$schema=(.+)$/.exec(first)?.[1] ?? '';
      expect(join(dirname(file), named)).toBe(path);
    }
  },
);
