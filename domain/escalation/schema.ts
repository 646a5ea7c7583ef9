import { z } from 'zod';
import { readDocument } from '../document/read.ts';
import { DocumentError } from '../document/problem.ts';
import { capacitySchema } from './capacity.ts';
import { countryCodeSchema } from '../calendar/schema.ts';
import { yesNo } from '../document/yes-no.ts';
import { addressSchema } from '../lead/address-schema.ts';
import { fieldsConditionSchema } from '../lead/match.ts';

const teams = ['marketing', 'sales'] as const;
const roles = ['marketer', 'rep', 'telesales', 'manager', 'head'] as const;

const personSchema = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a key has lower-case letters, digits and hyphens'),
  name: z.string().min(1).max(80),
  address: addressSchema,
  team: z.enum(teams),
  role: z.enum(roles),
  /** Leads that this rep takes; without it, every lead. */
  territory: fieldsConditionSchema.optional(),
  capacity: capacitySchema.optional(),
  /** Whose working hours and holidays are theirs, where the agreement tells countries apart. */
  country: countryCodeSchema.optional(),
  /** Takes what nobody else can; exactly one person does. */
  catch_all: yesNo.default(false),
});

/** `people.yaml`: the members of both teams. A seed: people live in the database. */
export const peopleSchema = z.strictObject({
  $schema: z.string().optional(),
  people: z.array(personSchema).min(1),
});

export type PeopleDocument = z.output<typeof peopleSchema>;

/**
 * Reads `people.yaml`.
 * @throws DocumentError also when keys or addresses repeat, or there is not exactly one catch-all
 */
export function readPeople(file: string, text: string): PeopleDocument {
  const { value, problem } = readDocument(file, text, peopleSchema);
  const keys = value.people.map(({ key }) => key);
  const addresses = value.people.map(({ address }) => address as string);
  const owners = value.people.flatMap((person, index) => (person.catch_all ? [index] : []));
  const problems = value.people.flatMap(({ key, address }, index) => [
    ...(keys.indexOf(key) === index
      ? []
      : [problem(['people', index, 'key'], `The key "${key}" is used twice.`)]),
    ...(addresses.indexOf(address) === index
      ? []
      : [problem(['people', index, 'address'], 'This address belongs to another person already.')]),
  ]);
  if (owners.length === 0)
    problems.push(
      problem(['people'], 'Nobody is the catch-all owner: give one person "catch_all: yes".'),
    );
  for (const index of owners.slice(1))
    problems.push(
      problem(['people', index, 'catch_all'], 'Only one person can be the catch-all owner.'),
    );
  if (problems.length > 0) throw new DocumentError(file, problems);
  return value;
}
