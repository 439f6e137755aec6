/**
 * When a simulated sensor measures: at exactly its rate, however coarse the timers are. Each time a timer fires, all samples that
 * are due are told, each with a time of its own. Called by the sensor.
 */
import type { Clock, Timer } from "#base/clock.ts";

/** Timers are not set shorter; what is due meanwhile comes together. */
const SHORTEST_WAIT_MS = 10;
/** One that fires this much later than it was due was stalled. */
const STALL_MS = 1_000;
/** A wall clock that is this far from where it should be was set, or the computer slept. */
const CLOCK_JUMP_MS = 1_000;
/** After a stall no more is made up for: what a ring holds. */
const MAX_DUE_SAMPLES = 100_000;

export interface SamplerParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  /**
   * @param times of the samples, ms since the epoch, to the microsecond; never empty
   * @param isStalled they come more than a second late
   */
  readonly onDue: (times: readonly number[], isStalled: boolean) => void;
}

export class Sampler {
  readonly #parts: SamplerParts;
  #intervalMs: number;
  /** The grid of samples: the `n`th is due `n` intervals after both. */
  #startMonotonic = 0;
  #startTime = 0;
  #taken = 0;
  #timer: Timer | null = null;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#intervalMs = parts.intervalMs;
  }

  start(): void {
    this.#beginGrid();
    this.#wait();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Measures every `ms` from now on; the pause at the change is none that is longer than either interval. */
  setInterval(ms: number): void {
    if (ms === this.#intervalMs || this.#timer === null) return;
    this.#takeDue();
    const { clock } = this.#parts;
    const last = this.#startMonotonic + (this.#taken - 1) * this.#intervalMs;
    const start = Math.max(last, clock.monotonic() - ms);
    this.#startTime += start - this.#startMonotonic;
    this.#startMonotonic = start;
    this.#intervalMs = ms;
    this.#taken = 1;
    this.stop();
    this.#wait();
  }

  #beginGrid(): void {
    const { clock } = this.#parts;
    this.#startMonotonic = clock.monotonic();
    this.#startTime = clock.now();
    this.#taken = 0;
  }

  #wait(): void {
    const { clock } = this.#parts;
    const ms = this.#startMonotonic + this.#taken * this.#intervalMs - clock.monotonic();
    this.#timer = clock.after(Math.max(SHORTEST_WAIT_MS, Math.ceil(ms)), () => {
      this.#takeDue();
      // Who was told may have stopped this.
      if (this.#timer !== null) this.#wait();
    });
  }

  #takeDue(): void {
    const { clock, onDue } = this.#parts;
    const passed = clock.monotonic() - this.#startMonotonic;
    if (Math.abs(clock.now() - this.#startTime - passed) > CLOCK_JUMP_MS) {
      this.#beginGrid();
      return;
    }
    const end = Math.floor(passed / this.#intervalMs) + 1;
    const lateMs = passed - this.#taken * this.#intervalMs;
    const times: number[] = [];
    for (let n = Math.max(this.#taken, end - MAX_DUE_SAMPLES); n < end; n++) times.push(this.#timeOf(n));
    this.#taken = Math.max(this.#taken, end);
    if (times.length > 0) onDue(times, lateMs > STALL_MS);
  }

  #timeOf(n: number): number {
    return Math.round((this.#startTime + n * this.#intervalMs) * 1000) / 1000;
  }
}
