import { readFile } from 'node:fs/promises';
import {
  peopleChanges,
  takenAddresses,
  type PeopleChanges,
} from '../domain/escalation/people-changes.ts';
import { readPeople } from '../domain/escalation/schema.ts';
import type { Instant } from '../domain/instant.ts';
import { raiseOrphaned } from '../store/assignment.ts';
import type { Database } from '../store/database.ts';
import { takeOverPeople } from '../store/person.ts';
import { roster } from '../store/roster.ts';
import { ImportError, mustBeReadable } from './import-file.ts';

/**
 * Takes people over from a `people.yaml`, all of them or, when anything is wrong, nobody. The same file again
 * changes nothing.
 * @throws ImportError, and DocumentError when the file cannot be used; then nothing has changed
 */
export async function importPeople(
  database: Database,
  { path, dryRun }: { path: string; dryRun: boolean },
  at: Instant,
): Promise<PeopleChanges> {
  await mustBeReadable(path);
  const document = readPeople(path, await readFile(path, 'utf8'));
  const known = await roster(database, at, 'past');
  const taken = takenAddresses(document, known);
  if (taken.length > 0)
    throw new ImportError(
      taken
        .map(
          ({ key, address, of }) =>
            `"${key}" has the address of "${of}", ${address}. If they are the same person, keep the key "${of}", by which their leads are known.`,
        )
        .join('\n'),
    );
  if (!dryRun) {
    await takeOverPeople(database, document);
    await raiseOrphaned(database, at);
  }
  return peopleChanges(document, known);
}
