/** A value, and how many have it. */
export interface Counted {
  value: string;
  count: number;
}

/**
 * Counts which values are commonest among any number of them, in bounded memory (Misra and Gries, 1982): every
 * value that more than one in `capacity` has is found, and its count is too low by at most that share.
 * While there are no more different values than `capacity`, all counts are exact. Letter case and repeated
 * spaces make no difference; a value is shown as it came first.
 */
export class Commonest {
  readonly #capacity: number;
  readonly #counts = new Map<string, Counted>();
  #isExact = true;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether every count is exact, or some may be too low. */
  get isExact(): boolean {
    return this.#isExact;
  }

  add(value: string): void {
    const key = value.trim().replace(/\s+/g, ' ').toLowerCase();
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#counts.size < this.#capacity) this.#counts.set(key, { value, count: 1 });
    else this.#forgetOneOfEach();
  }

  /** The commonest, most of all first; of those with the same count the first in the alphabet. */
  top(most: number): Counted[] {
    return [...this.#counts.values()]
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, most)
      .map(({ value, count }) => ({ value, count }));
  }

  #forgetOneOfEach(): void {
    this.#isExact = false;
    for (const [key, counted] of this.#counts) {
      counted.count -= 1;
      if (counted.count === 0) this.#counts.delete(key);
    }
  }
}
