/** How often a page may be told: a burst goes at once, a stream at most every `LIMITS.pageUpdateMs` (a token bucket). */
import { LIMITS } from "../base/limits.ts";

export class Pace {
  #tokens: number = LIMITS.pageBurst;
  #countedAt: number;

  constructor(now: number) {
    this.#countedAt = now;
  }

  /** Ms until the next one may go; 0 when it may go now. `now` is monotonic. */
  waitMs(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.ceil((1 - this.#tokens) * LIMITS.pageUpdateMs));
  }

  /** One went. */
  spend(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(LIMITS.pageBurst, this.#tokens + (now - this.#countedAt) / LIMITS.pageUpdateMs);
    this.#countedAt = now;
  }
}
