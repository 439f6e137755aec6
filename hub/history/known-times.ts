/** The device times that one series has in one stretch of time: what tells a sample that was sent twice (protocol 4.3). Called by the stores. */
import type { SampleRun } from "./sample-run.ts";
import { SAME_COUNTER_MS, SOURCE } from "./sample-time.ts";

export class KnownTimes {
  /** Time of a device that was believed → when the hub had it. */
  readonly #epochs = new Map<number, number>();
  /** Counter, or time of a clock that is wrong → the hub's times at which it was seen; a counter that starts anew passes there again. */
  readonly #counters = new Map<number, number[]>();
  size = 0;

  add(time: number, source: number, other: number): void {
    if (source === SOURCE.hub) return;
    this.size++;
    if (source === SOURCE.epoch) this.#epochs.set(time, other);
    else this.#counters.set(other, [...(this.#counters.get(other) ?? []), time]);
  }

  addAll(run: SampleRun): void {
    for (let i = 0; i < run.length; i++) this.add(run.time(i), run.source(i), run.other(i));
  }

  has(time: number, source: number, other: number): boolean {
    if (source === SOURCE.hub) return false;
    if (source === SOURCE.epoch) return this.#epochs.has(time);
    return this.#counters.get(other)?.some((seen) => Math.abs(seen - time) <= SAME_COUNTER_MS) === true;
  }

  /**
   * Whether the sample came before, while the clock that is known to be wrong by now was believed. One that the hub had before this one was
   * measured is another: a clock that was set back passes the same times again.
   * @param time the corrected one @param own the device's
   */
  hasBelieved(time: number, own: number): boolean {
    const at = this.#epochs.get(own);
    return at !== undefined && at >= time - SAME_COUNTER_MS;
  }
}
