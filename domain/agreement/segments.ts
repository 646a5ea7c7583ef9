import { z } from 'zod';
import { fieldsConditionSchema, meets } from '../lead/match.ts';
import type { LeadFields } from '../lead/fields.ts';

const segmentSchema = z.strictObject({
  // Ops search for it in Temporal, whose queries have no way to say these.
  name: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^"\\\p{Cc}]*$/u, "a segment's name has neither \" nor \\ in it"),
  when: fieldsConditionSchema.optional(),
  nurture: z.strictObject({ C: z.string(), D: z.string() }),
});

/** `segments.yaml`: named conditions in order; the first that fits names the sequence. */
export const segmentsSchema = z.strictObject({
  $schema: z.string().optional(),
  segments: z.array(segmentSchema).min(1),
});

export type SegmentsDocument = z.output<typeof segmentsSchema>;
export type Segment = z.output<typeof segmentSchema>;

/** The first segment that fits; the last one, which takes everyone, if none does. */
export function segmentOf(fields: LeadFields, { segments }: SegmentsDocument): Segment {
  const found =
    segments.find(({ when }) => when === undefined || meets(fields, when)) ?? segments.at(-1);
  if (found === undefined) throw new Error('A segments document holds at least one segment.');
  return found;
}
