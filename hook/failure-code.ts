/** The receiver is at an address that is not the public internet's. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor() {
    super('the receiver is at a private address');
  }
}

/** What went wrong with a connection, in words that hold nothing of what was said on it. */
export function failureCode(error: unknown): string {
  if (error instanceof PrivateAddressError) return 'private address';
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  switch (code) {
    case 'ETIMEDOUT':
      return 'timeout';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return 'dns';
    case 'ECONNREFUSED':
      return 'refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'unreachable';
    default:
      // Node's names of what can be wrong with a certificate are many.
      return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(String(code)) ? 'tls' : 'cut off';
  }
}
