import { z } from 'zod';
import { storable } from '../domain/document/text.ts';
import { scoringKinds } from '../domain/event/event.ts';
import { instant, type Instant } from '../domain/instant.ts';
import { addressSchema } from '../domain/lead/address-schema.ts';
import type { LeadId } from '../domain/ids.ts';
import { naturalHash, type ArrivedEvent } from '../store/event.ts';

/** What your own site and systems may say of a lead; clicks come from the mail provider alone. */
const cloudEventTypes = scoringKinds.filter(kind => kind !== 'click');

const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine(value => storable(value) === value, 'the text holds NUL or half a character');

const fieldsSchema = z.strictObject({
  first_name: text(200).optional(),
  last_name: text(200).optional(),
  company: text(200).optional(),
  title: text(200).optional(),
  industry: text(200).optional(),
  employees: z.int().nonnegative().max(10_000_000).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a country is written like "DE"')
    .optional(),
});

/** An event in the CloudEvents 1.0 JSON form. `source` and `id` together name it: the same pair is the same event. */
export const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: text(200).min(1),
  source: text(500).min(1),
  type: z.enum(cloudEventTypes),
  time: z.iso.datetime({ offset: true }).optional(),
  data: z.strictObject({
    /** The person, by address. */
    email: addressSchema,
    /** A page's path, a form's or a file's name. */
    name: text(500).optional(),
    /** What is known of the person, for a lead that is not there yet. */
    fields: fieldsSchema.optional(),
  }),
});
export type CloudEvent = z.output<typeof cloudEventSchema>;

/** Future times are cut to now: a clock that is ahead must not make points last longer. */
export function arrivalOf(event: CloudEvent, leadId: LeadId, receivedAt: Instant): ArrivedEvent {
  const key = naturalHash(`${event.source}\n${event.id}`);
  const at = event.time === undefined ? receivedAt : Math.min(Date.parse(event.time), receivedAt);
  return {
    providerKey: `ce/${key}`,
    naturalHash: key,
    kind: event.type,
    subject: event.data.name ?? null,
    at: instant(at),
    holdUntil: null,
    leadId,
    sendId: null,
    providerId: null,
    address: event.data.email,
    detail: null,
  };
}
