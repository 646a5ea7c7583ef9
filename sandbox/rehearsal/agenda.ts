import type { Instant } from '../../domain/instant.ts';
import type { Deed } from '../people/deed.ts';

/** What people are going to do, in the order of moments, then of addresses, then of being thought of. */
export class Deeds {
  #deeds: { deed: Deed; n: number }[] = [];
  #made = 0;

  add(deeds: readonly Deed[]): void {
    for (const deed of deeds) this.#deeds.push({ deed, n: (this.#made += 1) });
    this.#deeds.sort(
      (a, b) => a.deed.at - b.deed.at || compare(a.deed.who, b.deed.who) || a.n - b.n,
    );
  }

  get nextAt(): Instant | null {
    return this.#deeds[0]?.deed.at ?? null;
  }

  take(): Deed | undefined {
    return this.#deeds.shift()?.deed;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
