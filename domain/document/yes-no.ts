import { z } from 'zod';

/** `yes` or `no`, as people write it; YAML's own `true` and `false` as well. */
export const yesNo = z
  .union([z.boolean(), z.enum(['yes', 'no'])], { error: 'write yes or no' })
  .transform(given => given === true || given === 'yes');
