import { z } from 'zod';

/** Names of mails and sequences: also names of files, so that nothing else can be reached by them. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,60}$/,
    'a name has lower-case letters, digits and hyphens, such as "02-three-plants"',
  );
