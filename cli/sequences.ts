import { suggestion } from '../domain/document/nearest.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Session } from '../store/database.ts';
import { personByKey, activePeople } from '../store/person.ts';
import { versionByNumber, type StoredVersion } from '../store/sequence-version.ts';

/** What a command about sequences cannot do, and what to do instead. */
export class SequenceError extends Error {
  override readonly name = 'SequenceError';
}

/** A version by its number. @throws SequenceError when there is none */
export async function versionNumbered(
  session: Session,
  name: string,
  version: number,
): Promise<StoredVersion> {
  const found = await versionByNumber(session, name, version);
  if (found !== null) return found;
  throw new SequenceError(
    `${name} has no version ${version}; \`npx lockstep sequence history ${name}\` lists those that it has.`,
  );
}

/**
 * Who publishes: whoever is named, else the sequence's owner; null where the owner is not among the people.
 * @throws SequenceError when nobody has the key that is named
 */
export async function publisherOf(
  session: Session,
  named: string | undefined,
  owner: string | null,
): Promise<PersonId | null> {
  const key = named ?? owner;
  const person = key === null ? null : await personByKey(session, key);
  if (person !== null || named === undefined) return person;
  const keys = (await activePeople(session)).map(each => each.key);
  throw new SequenceError(`Nobody has the key "${named}".${suggestion(named, keys)}`);
}
