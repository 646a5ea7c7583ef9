import { z } from 'zod';
import { spreadOf } from '../calendar/send-window.ts';
import { nameSchema } from './name.ts';

/** The variant that gets nothing, so that what the others bring can be told from what happens anyway. */
export const holdOut = 'hold_out';

/** A share of the leads, beside the weights of the other variants. */
export const weightSchema = z
  .number()
  .refine(
    weight => weight > 0 && weight <= 1_000,
    'a weight is a number above 0 and at most 1000; the shares are told by the weights together',
  );

/** What a variant of a mail, or a path of a split, may be called. */
export const variantNameSchema = z.union([z.literal(holdOut), nameSchema]);

/** How a mail differs from the one that its step names: another file, another subject, another preheader. */
const variantSchema = z.strictObject({
  weight: weightSchema,
  mail: nameSchema.optional(),
  subject: z.string().min(1).optional(),
  preheader: z.string().min(1).optional(),
});

export const variantsSchema = z
  .record(variantNameSchema, variantSchema)
  .superRefine(pathsRefinement);

/** What holds for the variants of a mail as for the paths of a split. */
export function pathsRefinement(
  paths: Record<string, object>,
  context: z.core.$RefinementCtx,
): void {
  const names = Object.keys(paths);
  if (names.length < 2)
    context.addIssue({ code: 'custom', message: 'there must be two variants to choose from' });
  if (names.length > 8)
    context.addIssue({ code: 'custom', message: 'there may be at most 8 variants' });
  const { [holdOut]: heldOut } = paths;
  const more = heldOut === undefined ? [] : Object.keys(heldOut).filter(key => key !== 'weight');
  if (more.length > 0)
    context.addIssue({
      code: 'custom',
      path: [holdOut, ...more.slice(0, 1)],
      message: 'who is held out gets nothing, so hold_out has a weight alone',
    });
}

/**
 * The variant that a lead gets: always the same one for the same person and split, in every version that has
 * the same variants and weights, and independent of what it gets in other splits.
 * @param spread stands for the person; see `LeadFacts`
 */
export function variantOf<Path extends { weight: number }>(
  paths: readonly Path[],
  spread: string | null,
  sequence: string,
  split: string,
): Path | undefined {
  const total = paths.reduce((sum, { weight }) => sum + weight, 0);
  let left = spreadOf(`${spread}/${sequence}/${split}/variant`) * total;
  return paths.find(({ weight }) => (left -= weight) < 0) ?? paths.at(-1);
}
