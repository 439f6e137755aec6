/** So much at once, and so much a second: a token bucket. Pure; the time is passed in. */

export interface Rate {
  readonly perSecond: number;
  /** What may come at once after a pause. */
  readonly burst: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #countedAt: number;

  /** @param now monotonic ms */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#countedAt = now;
  }

  /** @returns whether there was enough; nothing is taken otherwise */
  take(amount: number, now: number): boolean {
    this.#refill(now);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Ms until there is enough; what is more than the bucket holds comes when it is full. */
  waitMs(amount: number, now: number): number {
    this.#refill(now);
    const missing = Math.min(amount, this.#rate.burst) - this.#tokens;
    return Math.max(0, Math.ceil((missing / this.#rate.perSecond) * 1000));
  }

  /** Whether nothing was taken for long: it says nothing then that a new one would not. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(now: number): void {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#countedAt) / 1000) * perSecond);
    this.#countedAt = now;
  }
}
