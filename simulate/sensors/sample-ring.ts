/** The times of samples that the hub has not taken: so many and so long, the newest stay. Their values are made of the times. Called by the outbox. */

export interface RingBounds {
  readonly maxSamples: number;
  /** Between the oldest and the newest. */
  readonly maxSpanMs: number;
}

/** Ten minutes, of at most 100,000 samples. */
export const DEFAULT_BOUNDS: RingBounds = { maxSamples: 100_000, maxSpanMs: 600_000 };

/** Places at the front that may stand empty, until the rest is moved up. */
const MAX_EMPTY = 1_024;

export class SampleRing {
  readonly #bounds: RingBounds;
  #times: number[] = [];
  #first = 0;
  /** Samples that were lost since the start. */
  dropped = 0;

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#times.length - this.#first;
  }

  /** The `i`th from the oldest, from 0. */
  at(i: number): number | undefined {
    return this.#times[this.#first + i];
  }

  /** Adds the newest one. */
  push(time: number): void {
    this.#times.push(time);
    this.#trim();
  }

  /** Takes out the `count` oldest. */
  take(count: number): readonly number[] {
    const taken = this.#times.slice(this.#first, this.#first + count);
    this.#skip(taken.length);
    return taken;
  }

  /** Takes back some that went out and were not taken, each to its place. */
  putBack(times: readonly number[]): void {
    if (times.length === 0) return;
    this.#times = [...times, ...this.#times.slice(this.#first)].sort((a, b) => a - b);
    this.#first = 0;
    this.#trim();
  }

  #trim(): void {
    const { maxSamples, maxSpanMs } = this.#bounds;
    const newest = this.#times.at(-1) ?? 0;
    const before = this.length;
    while (this.length > maxSamples || (this.at(0) ?? newest) < newest - maxSpanMs) this.#skip(1);
    this.dropped += before - this.length;
  }

  #skip(count: number): void {
    this.#first += count;
    if (this.#first <= MAX_EMPTY || this.#first * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#first);
    this.#first = 0;
  }
}
