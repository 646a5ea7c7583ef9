import { z } from 'zod';
import { agreementSchema } from '../domain/agreement/schema.ts';
import { segmentsSchema } from '../domain/agreement/segments.ts';
import { peopleSchema } from '../domain/escalation/schema.ts';
import { sequenceSchema } from '../domain/sequence/schema.ts';
import { assumptionsSchema } from '../domain/sequence/simulate/assumptions.ts';

/**
 * What editors need to complete and check the files that people write, by the path of each schema: JSON
 * Schema draft 2020-12, of the files as they are written.
 */
export function jsonSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries({
      'agreement/agreement.schema.json': agreementSchema,
      'agreement/segments.schema.json': segmentsSchema,
      'agreement/people.schema.json': peopleSchema,
      'templates/sequence.schema.json': sequenceSchema,
      'templates/assumptions.schema.json': assumptionsSchema,
    }).map(([path, schema]) => [
      path,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'ref' }),
    ]),
  );
}
