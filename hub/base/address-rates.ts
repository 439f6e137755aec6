/** A rate for each address: one that asks too much waits, and the others do not notice. Called by the listeners and the app. */
import type { Clock } from "#base/clock.ts";
import { type Rate, TokenBucket } from "#base/token-bucket.ts";

/** Addresses that are kept in mind; those that were silent are forgotten first. */
const MOST_ADDRESSES = 10_000;

export class AddressRates {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** @returns whether one more from there is within its rate */
  take(address: string): boolean {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(address) ?? new TokenBucket(this.#rate, now);
    // Back to the end of the map: who came last is forgotten last.
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    if (this.#buckets.size > MOST_ADDRESSES) this.#forgetOldest();
    return bucket.take(1, now);
  }

  #forgetOldest(): void {
    for (const [oldest] of this.#buckets) {
      this.#buckets.delete(oldest);
      return;
    }
  }
}
