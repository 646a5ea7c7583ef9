import { z } from 'zod';

/** A probability or a share, written as people do, such as `2.5 %`. Read as a number from 0 to 1. */
export const percentSchema = z.string().transform((text, context): number => {
  const [, percent] = /^(\d{1,3}(?:\.\d+)?) ?%$/.exec(text.trim()) ?? [];
  if (percent !== undefined && Number(percent) <= 100)
    return Math.round(Number(percent) * 1e6) / 1e8;
  context.addIssue({ code: 'custom', message: 'a chance is written like "40 %"' });
  return z.NEVER;
});
