import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What the secret is derived for; no link's content reads like it. */
const purpose = 'lockstep inbound parse';

/**
 * Where SendGrid's Inbound Parse is to post. The service signs nothing, so its posts are known by a part of this
 * address that only `LOCKSTEP_SECRET` leads to. It is never logged.
 */
export function inboundAddress(publicUrl: string, secret: string): string {
  return `${publicUrl}/webhooks/inbound/${inboundSecret(secret)}`;
}

/** Whether a post came to that address. */
export function isInboundSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(inboundSecret(secret)));
}

function inboundSecret(secret: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}

/** Compared as digests, so that the time it takes says nothing of how far a guess was right. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
