import { z } from 'zod';
import { moneySchema } from '../money.ts';

const shareSchema = z.string().transform((text, context): number => {
  const [, share] = /^(\d{1,3}) ?%$/.exec(text.trim()) ?? [];
  if (share !== undefined && Number(share) <= 100) return Number(share);
  context.addIssue({ code: 'custom', message: 'a share is written like "70 %", from 0 % to 100 %' });
  return z.NEVER;
});

/** What marketing answers for. */
const marketingSchema = z.strictObject({
  /** Leads handed to sales. */
  leads: z.int().positive().optional(),
  /** Of those that sales answered, the share that it accepted. */
  acceptance: shareSchema.optional(),
  /** What they are worth, as opportunities. */
  pipeline: moneySchema.optional(),
});

/** What sales answers for. */
const salesSchema = z.strictObject({
  /** Of all leads, the share contacted within the agreed time. */
  contact_in_time: shareSchema.optional(),
  /** Of all leads, the share with feedback within the agreed time. */
  feedback_in_time: shareSchema.optional(),
  pipeline: moneySchema.optional(),
});

/** What both teams want to reach in a quarter, such as `2026-Q4`: shares in percent, money in minor units. */
export const targetsSchema = z.record(
  z.string().regex(/^\d{4}-Q[1-4]$/, 'a quarter is written like "2026-Q4"'),
  z.strictObject({ marketing: marketingSchema, sales: salesSchema }),
);
