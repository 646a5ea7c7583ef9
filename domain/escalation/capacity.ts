import { z } from 'zod';

/** `10 a week`, read to 10: how many leads a rep can work. */
export const capacitySchema = z.string().transform((text, context): number => {
  const [, count] = /^(\d{1,4}) a week$/.exec(text.trim().toLowerCase()) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count);
  context.addIssue({ code: 'custom', message: 'a capacity is written like "10 a week"' });
  return z.NEVER;
});
