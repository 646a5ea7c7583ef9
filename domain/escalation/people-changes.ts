import type { FieldsCondition } from '../lead/match.ts';
import type { PeopleDocument } from './schema.ts';

/** A person as the database knows them. */
export interface KnownPerson {
  key: string;
  name: string;
  address: string;
  team: string;
  role: string;
  territory: FieldsCondition | null;
  capacity: number | null;
  country: string | null;
  isCatchAll: boolean;
  isActive: boolean;
  /** Escalations that are theirs to answer. */
  open: number;
}

/** Somebody, and what of them becomes another. */
export interface ChangedPerson {
  key: string;
  name: string;
  changes: { field: string; before: string; after: string }[];
}

/** What taking over a `people.yaml` does. */
export interface PeopleChanges {
  added: { key: string; name: string }[];
  /** Who had left, and is there again. */
  returned: ChangedPerson[];
  changed: ChangedPerson[];
  /** Who is not in the file any more, with the escalations that they still hold. */
  deactivated: { key: string; name: string; open: number }[];
  unchanged: number;
}

type Person = PeopleDocument['people'][number];

/** What would be different after a `people.yaml` was taken over. */
export function peopleChanges(
  { people }: PeopleDocument,
  known: readonly KnownPerson[],
): PeopleChanges {
  const before = new Map(known.map(person => [person.key, person]));
  const keys = new Set(people.map(({ key }) => key));
  const met = people.flatMap(person => {
    const was = before.get(person.key);
    if (was === undefined) return [];
    const { key, name } = person;
    return [{ key, name, changes: differences(was, person), isBack: !was.isActive }];
  });
  const told = ({ key, name, changes }: ChangedPerson) => ({ key, name, changes });
  return {
    added: people.filter(({ key }) => !before.has(key)).map(({ key, name }) => ({ key, name })),
    returned: met.filter(({ isBack }) => isBack).map(told),
    changed: met.filter(({ isBack, changes }) => !isBack && changes.length > 0).map(told),
    deactivated: known
      .filter(({ key, isActive }) => isActive && !keys.has(key))
      .map(({ key, name, open }) => ({ key, name, open })),
    unchanged: met.filter(({ isBack, changes }) => !isBack && changes.length === 0).length,
  };
}

/**
 * People of the file whose address another person of the database has, also one who left: leads hang on keys, so
 * who is the same person keeps theirs.
 */
export function takenAddresses(
  { people }: PeopleDocument,
  known: readonly KnownPerson[],
): { key: string; address: string; of: string }[] {
  const owners = new Map(known.map(({ key, address }) => [address, key]));
  return people.flatMap(({ key, address }) => {
    const of = owners.get(address);
    return of === undefined || of === key ? [] : [{ key, address, of }];
  });
}

function differences(was: KnownPerson, is: Person): ChangedPerson['changes'] {
  const rows: [string, string, string][] = [
    ['name', was.name, is.name],
    ['address', was.address, is.address],
    ['team', was.team, is.team],
    ['role', was.role, is.role],
    ['territory', territoryInWords(was.territory), territoryInWords(is.territory ?? null)],
    ['capacity', capacityInWords(was.capacity), capacityInWords(is.capacity ?? null)],
    ['country', was.country ?? 'as agreed', is.country ?? 'as agreed'],
    ['catch_all', yesNo(was.isCatchAll), yesNo(is.catch_all)],
  ];
  return rows
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => ({ field, before, after }));
}

/** `country: DE, AT; industry: manufacturing`. */
export function territoryInWords(territory: FieldsCondition | null): string {
  const parts = Object.entries(territory ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (parts.length === 0) return 'everywhere';
  return parts.map(([field, patterns]) => `${field}: ${patterns.join(', ')}`).join('; ');
}

function capacityInWords(capacity: number | null): string {
  return capacity === null ? 'as agreed' : `${capacity} a week`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
