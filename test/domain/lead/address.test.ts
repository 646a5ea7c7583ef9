import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companyDomain, normalizeAddress } from '../../../domain/lead/address.ts';
import { address } from '../../program.ts';

describe('an address', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['  ada@example.com ', 'ada@example.com'],
    ['Ada Lovelace <ada@example.com>', 'ada@example.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ["o'brien+list@example.co.uk", "o'brien+list@example.co.uk"],
  ])('%s is stored as %s', (given, stored) => {
    expect(normalizeAddress(given)).toEqual({ address: stored });
  });

  it.each([
    ['', 'blank'],
    ['ada', 'no @'],
    ['ada@', 'domain'],
    ['@example.com', 'no @'],
    ['ada@localhost', 'mail can be sent to'],
    ['ada@example.com:25', 'domain'],
    ['ada@exa mple.com', 'domain'],
    ['a b@example.com', 'holds " "'],
    ['jörg@example.com', 'holds "ö"'],
    ['ada@@example.com', 'mail can be sent to'],
    ['ada..x@example.com', 'mail can be sent to'],
    ['ada@example.com\u0000', 'control character'],
    ['ada\r\nbcc: x@example.com', 'control character'],
    ['ada\u200b@example.com', 'control character'],
    [`${'a'.repeat(65)}@example.com`, 'mail can be sent to'],
  ])('%j is refused', (given, why) => {
    expect(normalizeAddress(given)).toMatchObject({
      reason: expect.stringContaining(why) as string,
    });
  });

  it('that was normalized stays as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.emailAddress(), fc.string(), fc.string({ unit: 'grapheme' })),
        text => {
          const once = normalizeAddress(text);
          if ('reason' in once) return;
          expect(normalizeAddress(once.address)).toEqual(once);
          expect(once.address).toBe(once.address.toLowerCase());
          expect(once.address).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of a free-mail provider tells no company', () => {
    expect(companyDomain(address('ada@gmail.com'))).toBeNull();
    expect(companyDomain(address('ada@engines.example'))).toBe('engines.example');
  });
});
