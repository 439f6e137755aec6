/** Slows down who guesses passwords: a few tries are free, then each waits twice as long as the one before, by address and by name. */
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";

/** Tries that cost no wait; behind one address there may be a class. */
const FREE_BY_NAME = 4;
const FREE_BY_ADDRESS = 20;
const FIRST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 300_000;
/** After so long without a try it is forgotten. */
const FORGET_MS = 900_000;
const MOST_KEPT = 10_000;

interface Failures {
  count: number;
  /** Monotonic ms. */
  at: number;
}

export class SignInGuard {
  readonly #clock: Clock;
  readonly #names = new Map<string, Failures>();
  readonly #addresses = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws PharosError `TOO_MANY` with how long to wait; the same for names that there are and those that there are not */
  check(name: string, address: string): void {
    const wait = Math.max(
      this.#waitMs(this.#names.get(name), FREE_BY_NAME),
      this.#waitMs(this.#addresses.get(address), FREE_BY_ADDRESS),
    );
    if (wait > 0) {
      throw new PharosError("TOO_MANY", `Too many tries. Wait ${Math.ceil(wait / 1000)} s and try again.`);
    }
  }

  failed(name: string, address: string): void {
    this.#count(this.#names, name);
    this.#count(this.#addresses, address);
  }

  /** The right one was given: its owner need not wait for who guessed before, nor a class behind one address for each other. */
  succeeded(name: string, address: string): void {
    this.#names.delete(name);
    const before = this.#addresses.get(address);
    // No further: who has a password of his own cannot guess others' for ever.
    if (before !== undefined) this.#addresses.set(address, { ...before, count: before.count - 1 });
  }

  #waitMs(failures: Failures | undefined, free: number): number {
    if (failures === undefined || failures.count < free) return 0;
    const whole = Math.min(FIRST_WAIT_MS * 2 ** (failures.count - free), MOST_WAIT_MS);
    return failures.at + whole - this.#clock.monotonic();
  }

  #count(all: Map<string, Failures>, key: string): void {
    const now = this.#clock.monotonic();
    const before = all.get(key);
    const count = before === undefined || now - before.at > FORGET_MS ? 1 : before.count + 1;
    // Back to the end: the one that was tried longest ago goes first.
    all.delete(key);
    all.set(key, { count, at: now });
    if (all.size > MOST_KEPT) for (const [oldest] of all) return void all.delete(oldest);
  }
}
