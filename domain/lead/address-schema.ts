import { z } from 'zod';
import { normalizeAddress, type Address } from './address.ts';

/** An address that a person wrote, read to its normal form. */
export const addressSchema = z.string().transform((text, context): Address => {
  const result = normalizeAddress(text);
  if ('address' in result) return result.address;
  context.addIssue({ code: 'custom', message: result.reason });
  return z.NEVER;
});
