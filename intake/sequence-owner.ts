import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suggestion } from '../domain/document/nearest.ts';
import { readPeople } from '../domain/escalation/schema.ts';

/** Nobody, or nobody of that name, can own a sequence. */
class OwnerError extends Error {
  override readonly name = 'OwnerError';
}

/**
 * Who owns a new sequence: the person who is asked for, else the first marketer in `people.yaml`.
 * @param asked the key of a person
 * @throws OwnerError, and DocumentError when `people.yaml` cannot be used
 */
export async function sequenceOwner(agreementFolder: string, asked?: string): Promise<string> {
  const text = await readFile(join(agreementFolder, 'people.yaml'), 'utf8').catch(() => null);
  if (text === null)
    throw new OwnerError('agreement/people.yaml is missing: it says who may own a sequence.');
  const { people } = readPeople('agreement/people.yaml', text);
  const keys = people.map(({ key }) => key);
  if (asked === undefined) {
    const first = people.find(({ role }) => role === 'marketer');
    if (first !== undefined) return first.key;
    throw new OwnerError(
      `Nobody in agreement/people.yaml is a marketer: say who owns it with --owner.${suggestion('', keys)}`,
    );
  }
  if (keys.includes(asked)) return asked;
  throw new OwnerError(
    `Nobody in agreement/people.yaml has the key "${asked}".${suggestion(asked, keys)}`,
  );
}
