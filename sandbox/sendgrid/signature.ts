import { createSign, type KeyObject } from 'node:crypto';
import { signatureHeader, timestampHeader } from '../../http/signature.ts';

/**
 * The headers of a post as SendGrid signs it.
 * @param key private, as an object or as PEM
 * @param at when it was made, in milliseconds since 1970
 * @param body the raw bytes, in one part or in several
 */
export function signedHeaders(
  key: KeyObject | string,
  at: number,
  ...body: (string | Buffer)[]
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signer = createSign('sha256').update(timestamp);
  for (const part of body) signer.update(part);
  return { [timestampHeader]: timestamp, [signatureHeader]: signer.sign(key, 'base64') };
}
