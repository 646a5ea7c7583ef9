import { describe, expect, it } from 'vitest';
import { hour, instant } from '../../domain/instant.ts';
import type { WebhookEvent } from '../../sandbox/sendgrid/event.ts';
import { faultsOf } from '../../sandbox/sendgrid/faults.ts';
import { Misfortune } from '../../sandbox/sendgrid/misfortune.ts';

describe('misfortune', () => {
  const now = instant(Date.parse('2026-03-02T08:00:00Z'));
  const all = { ...faultsOf('all'), limits: 0.4, lateErrors: 0.3, resets: 0.3, early: 0.5 };
  const calls = Array.from(
    { length: 60 },
    (_, n) => [`a${n % 20}@x.example`, `s${n % 3}`] as const,
  );
  const eventAt = (n: number): WebhookEvent => ({
    email: `a${n % 20}@x.example`,
    step: 'first',
    event: ['delivered', 'open', 'click'][n % 3] ?? '',
    sg_message_id: `m${n}`,
  });

  /** What each call and each event meets, by what it is of. */
  function met(seed: number, order: readonly number[]) {
    const misfortune = new Misfortune();
    misfortune.faults = { ...all, seed };
    const fates = new Map<string, unknown[]>();
    const note = (key: string, fate: unknown) => fates.set(key, [...(fates.get(key) ?? []), fate]);
    for (const n of order) {
      const [address, step] = calls[n] ?? ['', ''];
      note(`${address} ${step}`, misfortune.call(address, step));
      const event = eventAt(n);
      const tellings = misfortune
        .tellings(event, now)
        .map(({ due, event: told }) => [due, 'sg_message_id' in told]);
      note(`${event.email} ${event.event}`, tellings);
    }
    return Object.fromEntries([...fates].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  it('is the same under the same seed, in whichever order calls come', () => {
    const order = calls.map((_, n) => n);
    expect(met(7, order)).toEqual(met(7, order));
    expect(met(7, order.toReversed())).toEqual(met(7, order));
    expect(met(8, order)).not.toEqual(met(7, order));
  });

  it('begins anew when it is set', () => {
    const misfortune = new Misfortune();
    const first = () => {
      misfortune.faults = { ...all, seed: 3 };
      return calls.map(([address, step]) => misfortune.call(address, step).trouble);
    };
    expect(first()).toEqual(first());
  });

  it('strikes about as often as it was asked to', () => {
    const misfortune = new Misfortune();
    misfortune.faults = { limits: 0.25, seed: 5 };
    const struck = Array.from({ length: 2_000 }, (_, n) => misfortune.call(`${n}`, '')).filter(
      ({ trouble }) => trouble === 'limits',
    ).length;
    expect(struck).toBeGreaterThan(425);
    expect(struck).toBeLessThan(575);
  });

  it('lets whoever tries again through in the end', () => {
    const misfortune = new Misfortune();
    misfortune.faults = { ...faultsOf('all'), seed: 1 };
    for (const [address, step] of calls) {
      const tries = Array.from({ length: 12 }, () => misfortune.call(address, step).trouble);
      expect(tries).toContain(null);
    }
  });

  it('delays no event for longer than was said', () => {
    const misfortune = new Misfortune();
    misfortune.faults = { delays: 1, delayHours: 2 };
    const dues = calls.flatMap((_, n) => misfortune.tellings(eventAt(n), now));
    for (const { due } of dues) {
      expect(due).toBeGreaterThanOrEqual(now);
      expect(due).toBeLessThanOrEqual(now + 2 * hour);
    }
    expect(new Set(dues.map(({ due }) => due)).size).toBeGreaterThan(50);
  });
});
