import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';

/** Headers of SendGrid's signed event webhook, in lower case. */
export const signatureHeader = 'x-twilio-email-event-webhook-signature';
export const timestampHeader = 'x-twilio-email-event-webhook-timestamp';

/** Reads the public key as SendGrid shows it: base64 SPKI without PEM framing. */
export function readPublicKey(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
}

/**
 * Why a post is not taken for SendGrid's, or null when it is: the signature is ECDSA over SHA-256 of
 * the timestamp and the raw bytes of the body. (`@sendgrid/eventwebhook` says the same, at 35 times
 * the cost; the tests hold the two against each other.)
 * @param toleranceMs how old a post may be
 */
export function refusalOf(
  key: KeyObject,
  body: Buffer,
  headers: Record<string, unknown>,
  now: Instant,
  toleranceMs: number,
): 'missing' | 'bad' | 'stale' | null {
  const signature = headers[signatureHeader];
  const timestamp = headers[timestampHeader];
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return 'missing';
  const verifier = createVerify('sha256').update(timestamp).update(body);
  let isValid: boolean;
  try {
    isValid = verifier.verify(key, signature, 'base64');
  } catch {
    isValid = false;
  }
  if (!isValid) return 'bad';
  const age = now - Number(timestamp) * 1000;
  return Math.abs(age) <= toleranceMs ? null : 'stale';
}
