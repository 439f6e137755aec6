/** Counts a connection's faulty frames in a sliding minute (protocol 3.10). */
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "../base/limits.ts";

export class Strikes {
  #times: number[] = [];
  readonly #allowed: number;
  readonly #clock: Clock;

  constructor(allowed: number, clock: Clock) {
    this.#allowed = allowed;
    this.#clock = clock;
  }

  /** Counts one more. @returns whether that is too many */
  isOut(): boolean {
    const now = this.#clock.monotonic();
    this.#times = this.#times.filter((time) => now - time < LIMITS.strikeWindowMs);
    this.#times.push(now);
    return this.#times.length > this.#allowed;
  }
}
