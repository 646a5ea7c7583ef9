import { z } from 'zod';

/** What goes wrong with the sandbox's answers; nothing, unless somebody asked for it. */
export const faultsSchema = z.strictObject({
  /** How long the API takes to answer, in milliseconds. */
  delayMs: z.number().min(0).max(60_000).default(0),
});
export type Faults = z.output<typeof faultsSchema>;

export const noFaults: Faults = faultsSchema.parse({});
