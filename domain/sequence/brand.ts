import { z } from 'zod';
import { readDocument } from '../document/read.ts';
import { addressSchema } from '../lead/address-schema.ts';

const brandSchema = z
  .strictObject({
    $schema: z.string().optional(),
    company: z.string().min(1),
    sender: z.strictObject({
      name: z.string().regex(/^[^;,\r\n]+$/, 'a sender\'s name holds no ";" and no ","'),
      address: addressSchema,
    }),
    postal_address: z.string().min(10, 'mails must show a whole postal address'),
  })
  .transform(({ company, sender, postal_address: postalAddress }) => ({
    company,
    sender,
    postalAddress,
  }));

/** Who mails come from, and what every mail must say of them. */
export type Brand = z.output<typeof brandSchema>;

/** Reads `brand.yaml`. @throws DocumentError */
export function readBrand(file: string, text: string): Brand {
  return readDocument(file, text, brandSchema).value;
}
